// Undo, redo and reset of the what-if page, and the address that holds it. All the rest is the server's.
(() => {
  "use strict";
  const past = [];
  const future = [];
  const query = () => document.querySelector("[data-query]")?.dataset.query ?? "";
  let now = query();
  let wanted = null;

  const show = () => {
    history.replaceState(null, "", now ? `/?${now}` : "/");
    for (const [id, states] of [["undo", past], ["redo", future]]) {
      document.getElementById(id)?.setAttribute("aria-disabled", String(!states.length));
    }
  };

  const ask = (state) => {
    const known = document.getElementById("known").value;
    wanted = state;
    htmx.ajax("GET", `/work?known=${known}&${state}`, { source: "#undo", target: "#work", swap: "outerHTML" });
  };

  const go = {
    undo: () => past.length && (future.push(now), ask(past.pop())),
    redo: () => future.length && (past.push(now), ask(future.pop())),
    reset: () => now && (past.push(now), (future.length = 0), ask("")),
    reload: () => location.reload(),
    hold: () => document.getElementById("hold").focus(),
    keep: () => document.getElementById("file").replaceChildren(),
    dismiss: () => {
      document.getElementById("save").replaceChildren();
      document.getElementById("review").focus();
    },
  };

  document.addEventListener("click", (event) => {
    const name = event.target.closest?.("[data-go]")?.dataset.go;
    if (name) go[name]();
  });
  // A name typed into the review moves nothing; asking for figures would cut off the save that follows.
  document.addEventListener("input", (event) => event.target.type === "text" && event.stopPropagation(), true);
  document.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("htmx:afterSettle", () => {
    const shown = query();
    if (shown !== now && shown !== wanted) {
      past.push(now);
      future.length = 0;
    }
    now = shown;
    wanted = null;
    show();
  });
  document.addEventListener("htmx:afterSwap", (event) => event.detail.target.querySelector?.("[data-focus]")?.focus());
  const trouble = (text) => {
    document.getElementById("problem").textContent = text;
  };
  document.addEventListener("htmx:responseError", (event) => trouble(event.detail.xhr.responseText));
  document.addEventListener("htmx:sendError", () => trouble("icp-sync tune has ended; start it again, and load this page from its new address."));
  document.addEventListener("saved", () => {
    past.length = future.length = 0;
    now = query();
    show();
  });
  show();
})();
