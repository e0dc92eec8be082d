/* What the reader has done, kept in the browser: shipshape.progress.get(name) and .set(name, value). */
(function () {
  "use strict";
  const KEY = "shipshape.progress";
  const session = {}; // holds where storage is full or forbidden

  function stored() {
    try {
      const value = JSON.parse(localStorage.getItem(KEY));
      return value !== null && typeof value === "object" ? value : {};
    } catch {
      return {};
    }
  }

  function get(name) {
    const all = { ...stored(), ...session };
    return Object.hasOwn(all, name) ? all[name] : null;
  }

  function set(name, value) {
    session[name] = value;
    try {
      // Read again first: another page may have written meanwhile.
      localStorage.setItem(KEY, JSON.stringify({ ...stored(), [name]: value }));
    } catch {
      // the answer lasts as long as the page
    }
  }

  window.shipshape = window.shipshape || {};
  window.shipshape.progress = { get, set };
})();
