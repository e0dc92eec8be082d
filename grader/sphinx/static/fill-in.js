/* fill-in: an answer that is typed. */
(function () {
  "use strict";
  const { enliven, feedback } = window.shipshape.questions;

  /** White space folded; phones' curly quotes and long dashes, and a copied prompt, are forgiven. */
  function fold(text) {
    return text
      .replace(/[\u2018\u2019]/g, "'")
      .replace(/[\u201c\u201d]/g, '"')
      .replace(/[\u2013\u2014]/g, "--")
      .replace(/\s+/g, " ")
      .trim()
      .replace(/^\$ /, "");
  }

  enliven(["fill-in"], {
    missing: "Type an answer first.",

    read(form) {
      return fold(form.querySelector(".blank").value) || null;
    },

    write(form, answer) {
      if (typeof answer !== "string") {
        return false;
      }
      form.querySelector(".blank").value = answer;
      return true;
    },

    judge(form, answer) {
      const right = JSON.parse(form.dataset.accept).includes(answer);
      const replies = [...form.querySelectorAll(".reply")];
      const own = replies.find((reply) => reply.dataset.answer === answer);
      const reply = own || (right ? null : replies.find((each) => each.dataset.answer === "*"));
      return {
        right,
        verdict: right ? "Right." : "Not yet.",
        feedback: reply ? [feedback(reply)] : [],
        marks: [[form.querySelector(".blank"), right]],
      };
    },
  });
})();
