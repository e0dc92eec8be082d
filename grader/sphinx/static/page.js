/* On every page: the choice of light or dark, and closed boxes that open for printing. Not deferred: see assets.py. */
(function () {
  "use strict";
  const KEY = "shipshape.colors";
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");

  function remembered() {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null; // storage may be forbidden; then the system's setting holds
    }
  }

  function remember(colors) {
    try {
      localStorage.setItem(KEY, colors);
    } catch {
      // the choice lasts as long as the page
    }
  }

  function shown() {
    return root.dataset.colors || (dark.matches ? "dark" : "light");
  }

  const chosen = remembered();
  if (chosen === "light" || chosen === "dark") {
    root.dataset.colors = chosen;
  }

  document.addEventListener("DOMContentLoaded", function () {
    const buttons = document.querySelectorAll(".colors-button");
    function label() {
      for (const button of buttons) {
        button.textContent = shown() === "dark" ? "Light colors" : "Dark colors";
        button.hidden = false;
      }
    }
    for (const button of buttons) {
      button.addEventListener("click", function () {
        root.dataset.colors = shown() === "dark" ? "light" : "dark";
        remember(root.dataset.colors);
        label();
      });
    }
    dark.addEventListener("change", label);
    label();
  });

  let opened = [];
  window.addEventListener("beforeprint", function () {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const box of opened) {
      box.open = true;
    }
  });
  window.addEventListener("afterprint", function () {
    for (const box of opened) {
      box.open = false;
    }
  });
})();
