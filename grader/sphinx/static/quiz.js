/* quiz and predict: options to choose from. */
(function () {
  "use strict";
  const { enliven, feedback } = window.shipshape.questions;

  function inputs(form) {
    return [...form.querySelectorAll(".choice input")];
  }

  function reply(form, index) {
    return form.querySelector(`.reply[data-answer="${index}"]`);
  }

  function isRight(form, index) {
    return reply(form, index).dataset.right === "true";
  }

  function verdict(form, answer) {
    const all = inputs(form);
    if (!answer.every((index) => isRight(form, index))) {
      return [false, "Not yet."];
    }
    if (all.some((_, index) => isRight(form, index) && !answer.includes(index))) {
      return [false, "Right so far, and there is more to choose."];
    }
    return [true, "Right."];
  }

  enliven(["quiz", "predict"], {
    missing: "Choose an answer first.",

    read(form) {
      const chosen = inputs(form).flatMap((input, index) => (input.checked ? [index] : []));
      return chosen.length ? chosen : null;
    },

    write(form, answer) {
      const all = inputs(form);
      if (!Array.isArray(answer) || !answer.every((index) => all[index])) {
        return false;
      }
      all.forEach((input, index) => (input.checked = answer.includes(index)));
      return true;
    },

    judge(form, answer) {
      const [right, line] = verdict(form, answer);
      const many = inputs(form)[0].type === "checkbox";
      return {
        right,
        verdict: line,
        feedback: answer.map((index) => {
          const letter = String.fromCharCode(65 + index);
          return feedback(reply(form, index), many ? `${letter}: ${isRight(form, index) ? "right" : "not right"}` : "");
        }),
        marks: answer.map((index) => [inputs(form)[index].closest(".choice"), isRight(form, index)]),
      };
    },
  });
})();
