/* solution: asks once whether the reader has tried; who wants to see it all the same may. */
(function () {
  "use strict";
  const { progress } = window.shipshape;

  for (const box of document.querySelectorAll("details.solution")) {
    if (progress.get(box.id)) {
      continue;
    }
    const content = document.createElement("div");
    content.className = "solution-content";
    content.hidden = true;
    content.tabIndex = -1;
    content.append(...[...box.children].filter((child) => child.localName !== "summary"));

    const question = document.createElement("div");
    question.className = "solution-question";
    const line = document.createElement("p");
    line.textContent = "Have you tried? What the grader tells you about your own answer teaches more than this one.";
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Show it all the same";
    button.addEventListener("click", function () {
      progress.set(box.id, { shown: true });
      question.remove();
      content.hidden = false;
      content.focus();
    });
    question.append(line, button);
    box.append(question, content);
  }
})();
