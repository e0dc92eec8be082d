/* What the reader has done, kept in the browser: shipshape.progress.get(name), .set(name, value), .all(), .merge(all). */
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

  function all() {
    return { ...stored(), ...session };
  }

  function get(name) {
    const known = all();
    return Object.hasOwn(known, name) ? known[name] : null;
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

  /** Take in what was done elsewhere; a right answer that is here stays. Returns how many entries are new or better. */
  function merge(other) {
    let count = 0;
    for (const [name, value] of Object.entries(other)) {
      const known = get(name);
      if (value !== null && typeof value === "object" && (!known || (value.right === true && known.right === false))) {
        set(name, value);
        count += 1;
      }
    }
    return count;
  }

  window.shipshape = window.shipshape || {};
  window.shipshape.progress = { all, get, merge, set };
})();
