/* progress: how many questions of each unit are answered right, and a file to take the answers to another browser. */
(function () {
  "use strict";
  const { progress } = window.shipshape;
  const VERSION = 1;

  function count(panel) {
    for (const cell of panel.querySelectorAll(".progress-count")) {
      const names = JSON.parse(cell.dataset.questions);
      const right = names.filter((name) => progress.get(name)?.right === true).length;
      const tried = names.filter((name) => progress.get(name)).length;
      cell.textContent = tried ? `${right} of ${names.length}` : "none yet";
      cell.classList.toggle("is-done", right === names.length);
    }
  }

  function save() {
    const text = JSON.stringify({ shipshape: VERSION, progress: progress.all() }, null, 2);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = "shipshape-progress.json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href));
  }

  /** What the file holds; null where it is none of ours. */
  function read(text) {
    try {
      const file = JSON.parse(text);
      const known = file.shipshape === VERSION && file.progress !== null && typeof file.progress === "object";
      return known && !Array.isArray(file.progress) ? file.progress : null;
    } catch {
      return null;
    }
  }

  for (const panel of document.querySelectorAll(".progress")) {
    const news = panel.querySelector(".progress-news");
    const file = panel.querySelector(".progress-load input");
    panel.querySelector(".progress-save").addEventListener("click", function () {
      save();
      news.textContent = "Saved: look for shipshape-progress.json among your downloads.";
    });
    file.addEventListener("change", async function () {
      const found = file.files.length ? read(await file.files[0].text()) : {};
      if (found === null) {
        news.textContent = "This file holds no saved answers. Nothing was changed.";
      } else {
        const taken = progress.merge(found);
        news.textContent = `${taken} ${taken === 1 ? "entry" : "entries"} taken over; what was right here stays.`;
        count(panel);
      }
      file.value = ""; // so that the same file can be chosen again
    });
    panel.querySelector(".progress-controls").hidden = false;
    count(panel);
  }
})();
