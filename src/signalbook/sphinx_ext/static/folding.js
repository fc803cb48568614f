// Opens what is folded: all of a page's clauses at once, and whatever holds the address's target.

"use strict";

{
  const folded = [...document.querySelectorAll("details.clause-fold")];

  const openAround = (element) => {
    for (let each = element; each; each = each.parentElement) {
      if (each.tagName === "DETAILS") each.open = true;
    }
  };

  const openTarget = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    openAround(target);
    // Opening moved it.
    if (target?.closest("details")) target.scrollIntoView();
  };

  const addSwitch = () => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "clause-open-all";
    const label = () => (folded.every((each) => each.open) ? "Close" : "Open");
    const show = () => {
      button.textContent = `${label()} all examples`;
    };
    button.addEventListener("click", () => {
      const open = label() === "Open";
      for (const each of folded) each.open = open;
      show();
    });
    for (const each of folded) each.addEventListener("toggle", show);
    show();
    document.querySelector("article h1")?.after(button);
  };

  if (folded.length > 1 && document.querySelector("dl.clause")) addSwitch();
  addEventListener("hashchange", openTarget);
  addEventListener("beforeprint", () => {
    for (const each of folded) each.open = true;
  });
  openTarget();
}
