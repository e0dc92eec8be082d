/* On every page: the choice of light or dark, the keyboard's way to what scrolls, boxes that open for printing. Not deferred: see assets.py. */
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

  // What scrolls sideways is a stop for the keyboard, or its end could not be read; what does not scroll is none.
  window.addEventListener("load", function () {
    const observer = new ResizeObserver(function (entries) {
      for (const { target } of entries) {
        if (target.localName === "table") {
          const wrapper = target.closest(".wy-table-responsive"); // the theme's, which may have come only now
          if (wrapper) {
            observer.observe(wrapper);
          }
        } else if (target.scrollWidth > target.clientWidth) {
          target.tabIndex = 0;
        } else {
          target.removeAttribute("tabindex");
        }
      }
    });
    for (const box of document.querySelectorAll(".rst-content :is(pre, table.docutils)")) {
      observer.observe(box);
    }
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
