/* explorer: choose, and see the run that was recorded for it; every word of the answer is taken from the table. */
(function () {
  "use strict";

  function chosen(form) {
    return [...new FormData(form)];
  }

  /** The steps in the table's row for these choices. */
  function find(box, choices) {
    return [...box.querySelectorAll(".explorer-table .explorer-steps")].find((steps) => {
      const options = JSON.parse(steps.dataset.options);
      return choices.every(([field, value]) => options[field].includes(value));
    });
  }

  /** A copy of the steps, with a bar for each that took time. */
  function picture(steps) {
    const copy = steps.cloneNode(true);
    for (const step of copy.children) {
      if (!step.dataset.to) {
        continue;
      }
      const bar = document.createElement("span");
      bar.className = "explorer-bar";
      bar.style.setProperty("--from", step.dataset.from);
      bar.style.setProperty("--to", step.dataset.to);
      step.append(bar);
    }
    return copy;
  }

  function show(box, form) {
    const steps = find(box, chosen(form));
    const row = steps.closest("tr");
    box.querySelector(".is-shown")?.classList.remove("is-shown");
    row.classList.add("is-shown");
    form.querySelector(".explorer-answer").replaceChildren(row.querySelector(".explorer-short").cloneNode(true));
    form.querySelector(".explorer-picture").replaceChildren(picture(steps));
  }

  for (const box of document.querySelectorAll(".explorer")) {
    const form = box.querySelector(".explorer-form");
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", () => {
      form.querySelector(".explorer-answer").setAttribute("aria-live", "polite"); // a page that loads does not speak
      show(box, form);
    });
    box.querySelector(".explorer-runs").open = false;
    form.hidden = false;
    show(box, form);
  }
})();
