/* parsons: lines to put in order, by buttons or by dragging; lines that are not needed are left out. */
(function () {
  "use strict";
  const { clear, element, enliven, feedback } = window.shipshape.questions;

  function list(form) {
    return form.querySelector(".parsons-lines");
  }

  function lines(form) {
    return [...list(form).children];
  }

  function textOf(line) {
    return line.querySelector(".parsons-code").textContent;
  }

  function isOut(line) {
    return line.classList.contains("is-out");
  }

  function setOut(line, out) {
    line.classList.toggle("is-out", out);
    line.querySelector(".leave-out").setAttribute("aria-pressed", String(out));
  }

  function say(form, text) {
    form.querySelector(".parsons-news").textContent = text;
  }

  function move(form, line, step, button) {
    const all = lines(form);
    const place = all.indexOf(line) + step;
    if (place < 0 || place >= all.length) {
      say(form, step < 0 ? "This is the first line." : "This is the last line.");
      return;
    }
    clear(form);
    list(form).insertBefore(line, step < 0 ? all[place] : all[place].nextSibling);
    button.focus(); // a moved node loses it
    say(form, `Line ${place + 1} of ${all.length}.`);
  }

  function button(text, label, className, act) {
    const made = element("button", text, className);
    made.type = "button";
    made.title = label.split(":")[0];
    made.setAttribute("aria-label", label);
    made.addEventListener("click", () => act(made));
    return made;
  }

  function addButtons(form, line) {
    const text = textOf(line);
    const group = element("span", "", "parsons-buttons");
    const leave = button("✕", `Leave out: ${text}`, "leave-out", () => {
      clear(form);
      setOut(line, !isOut(line));
    });
    group.append(
      button("↑", `Move up: ${text}`, "move-up", (made) => move(form, line, -1, made)),
      button("↓", `Move down: ${text}`, "move-down", (made) => move(form, line, 1, made)),
      leave,
    );
    leave.setAttribute("aria-pressed", "false");
    line.append(group);
  }

  function addDragging(form, line) {
    line.draggable = true;
    line.addEventListener("dragstart", (event) => {
      line.classList.add("is-dragged");
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", textOf(line));
    });
    line.addEventListener("dragend", () => line.classList.remove("is-dragged"));
    line.addEventListener("dragover", (event) => {
      const dragged = list(form).querySelector(".is-dragged");
      if (!dragged) {
        return; // a line of another question
      }
      event.preventDefault();
      if (dragged === line) {
        return;
      }
      clear(form);
      const box = line.getBoundingClientRect();
      const below = event.clientY > box.top + box.height / 2;
      list(form).insertBefore(dragged, below ? line.nextSibling : line);
    });
    line.addEventListener("drop", (event) => event.preventDefault());
  }

  /** Where the kept lines first differ from the right order, in words, and the line to mark. */
  function verdict(kept, needed) {
    const wrong = kept.findIndex((line, place) => textOf(line) !== needed[place]);
    if (wrong >= 0) {
      return [`Not yet: line ${wrong + 1} is the first that does not belong where it is.`, kept[wrong]];
    }
    if (kept.length < needed.length) {
      return ["Right so far, and a line that is needed is left out.", null];
    }
    return ["Right.", null];
  }

  enliven(["parsons"], {
    missing: "Every line is left out.",

    prepare(form) {
      const news = element("p", "", "parsons-news visually-hidden");
      news.setAttribute("aria-live", "polite");
      list(form).after(news);
      for (const line of lines(form)) {
        addButtons(form, line);
        addDragging(form, line);
      }
    },

    read(form) {
      const answer = lines(form).map((line) => ({ text: textOf(line), out: isOut(line) }));
      return answer.every((line) => line.out) ? null : answer;
    },

    write(form, answer) {
      const left = lines(form);
      const found = Array.isArray(answer)
        ? answer.map((known) => {
            const place = left.findIndex((line) => textOf(line) === known.text);
            return place < 0 ? null : left.splice(place, 1)[0];
          })
        : [null];
      if (left.length || found.includes(null)) {
        return false; // the page has other lines now
      }
      list(form).append(...found);
      found.forEach((line, place) => setOut(line, answer[place].out));
      return true;
    },

    judge(form) {
      const all = lines(form);
      const needed = all.filter((line) => Number(line.dataset.place) >= 0);
      needed.sort((one, other) => one.dataset.place - other.dataset.place);
      const [line, wrong] = verdict(all.filter((each) => !isOut(each)), needed.map(textOf));
      const right = line === "Right.";
      const why = form.querySelectorAll("details.answers > .why");
      return { right, verdict: line, feedback: right ? [...why].map((box) => feedback(box)) : [], marks: wrong ? [[wrong, false]] : [] };
    },
  });
})();
