/* What all questions share: the verdict, the feedback below it, and the memory of the answer. */
(function () {
  "use strict";
  const { progress } = window.shipshape;

  function element(name, text, className) {
    const made = document.createElement(name);
    made.textContent = text;
    if (className) {
      made.className = className;
    }
    return made;
  }

  /** The feedback of a reply, without its mark unless `marked` says what to put there. */
  function feedback(reply, marked) {
    const box = document.createElement("div");
    if (marked) {
      box.append(element("p", marked, "mark"));
    }
    for (const child of reply.childNodes) {
      if (!(child instanceof Element && child.classList.contains("mark"))) {
        box.append(child.cloneNode(true));
      }
    }
    return box;
  }

  function clear(form) {
    delete form.dataset.right;
    form.querySelector(".verdict").replaceChildren();
    for (const marked of form.querySelectorAll(".is-right, .is-wrong")) {
      marked.classList.remove("is-right", "is-wrong");
    }
  }

  function show(form, judgement) {
    clear(form);
    form.dataset.right = String(judgement.right);
    form.querySelector(".verdict").append(element("p", judgement.verdict, "verdict-line"), ...judgement.feedback);
    for (const [node, right] of judgement.marks) {
      node.classList.add(right ? "is-right" : "is-wrong");
    }
    form.querySelector("details.answers").hidden = false;
  }

  /**
   * Bring the questions of some kinds to life. `how` has
   *   prepare(form)        adds the controls that only a script can serve (may be missing)
   *   read(form)           what was answered, or null
   *   write(form, answer)  puts a remembered answer back; false where it no longer fits the question
   *   judge(form, answer)  {right, verdict, feedback: [Element], marks: [[Element, right]]}
   *   missing              what to say where nothing was answered
   */
  function enliven(kinds, how) {
    const selector = kinds.map((kind) => `form[data-kind="${kind}"]`).join(", ");
    for (const form of document.querySelectorAll(selector)) {
      const verdict = form.querySelector(".verdict");
      const check = form.querySelector(".check");
      const answers = form.querySelector("details.answers");
      if (!verdict || !check || !answers) {
        continue;
      }
      answers.hidden = true; // until there is an answer
      form.querySelector(".controls").hidden = false;
      check.disabled = false;
      how.prepare?.(form);

      form.addEventListener("submit", function (event) {
        event.preventDefault();
        verdict.setAttribute("aria-live", "polite");
        const answer = how.read(form);
        if (answer === null) {
          clear(form);
          verdict.append(element("p", how.missing, "verdict-line"));
          return;
        }
        const judgement = how.judge(form, answer);
        show(form, judgement);
        progress.set(form.dataset.question, { answer, right: judgement.right });
      });
      form.addEventListener("input", () => clear(form));

      const known = progress.get(form.dataset.question);
      if (known && how.write(form, known.answer)) {
        verdict.setAttribute("aria-live", "off"); // a page that loads should not speak
        show(form, how.judge(form, known.answer));
      }
    }
  }

  window.shipshape.questions = { clear, element, enliven, feedback };
})();
