"use strict";

// Sorting and searching the students, and opening the one that a link leads to. The page is whole without it.

(() => {
  const table = document.querySelector("table.sorted");
  const body = table.tBodies[0];
  const students = [...document.querySelectorAll("details.student")];

  function reveal() {
    const result = document.getElementById(location.hash.slice(1));
    const box = result?.closest("details.student");
    if (box) {
      box.open = true;
      result.scrollIntoView();
    }
  }

  function compare(one, other) {
    const numbers = one !== "" && other !== "" && !Number.isNaN(Number(one)) && !Number.isNaN(Number(other));
    return numbers ? one - other : one.localeCompare(other);
  }

  // Who has nothing in the column stands below, whichever way it is sorted.
  function sort(heading, column) {
    const descending = heading.getAttribute("aria-sort") === "ascending";
    const cell = (row) => row.cells[column].textContent.trim();
    const rows = [...body.rows].map((row) => [cell(row), row]);
    rows.sort(([one], [other]) => (one === "") - (other === "") || (descending ? -1 : 1) * compare(one, other));
    body.append(...rows.map(([, row]) => row));
    table.querySelectorAll("th[aria-sort]").forEach((each) => each.removeAttribute("aria-sort"));
    heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
  }

  [...table.tHead.rows[0].cells].forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    button.addEventListener("click", () => sort(heading, column));
    heading.append(button);
  });

  const label = document.createElement("label");
  const input = document.createElement("input");
  const found = document.createElement("span");
  input.type = "search";
  found.setAttribute("role", "status");
  found.className = "soft";
  label.append("Find a student", input);

  input.addEventListener("input", () => {
    const wanted = input.value.trim().toLowerCase();
    const matches = (element) => element.textContent.toLowerCase().includes(wanted);
    [...body.rows].forEach((row) => (row.hidden = !matches(row)));
    students.forEach((student) => (student.hidden = !matches(student.querySelector("summary"))));
    const count = [...body.rows].filter((row) => !row.hidden).length;
    found.textContent = wanted ? `${count} of ${body.rows.length}` : "";
  });

  const find = document.querySelector(".find");
  find.append(label, found);
  find.hidden = false;

  addEventListener("hashchange", reveal);
  reveal();
})();
