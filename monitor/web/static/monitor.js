// What pages gain where scripts run: live updates, the slider, keys at the review desk. All of it works without, too.
"use strict";

const LOOK_EVERY = 5000;
const DAY = 86400000;

function live() {
  const mode = document.body.dataset.live;
  const said = document.querySelector(".live");
  if (mode === "off" || !said) return;
  let stamp = document.body.dataset.stamp;
  const look = async () => {
    if (document.visibilityState !== "visible") return;
    try {
      const answer = await fetch("/api/stamp", { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.status);
      const now = (await answer.json()).stamp;
      if (now === stamp) return;
      stamp = now;
      if (mode === "renew") {
        await renew();
        said.textContent = `Brought up to date at ${new Date().toLocaleTimeString()}.`;
      } else {
        tell(said);
      }
    } catch {
      said.textContent = "The monitor does not answer; what is shown may be old.";
    }
  };
  setInterval(look, LOOK_EVERY);
  document.addEventListener("visibilitychange", look);
}

// The same page, read anew. Whoever is in the middle of something in it is told instead.
async function renew() {
  const answer = await fetch(location.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const main = document.querySelector("main");
  const busy = main.contains(document.activeElement) || main.querySelector("details[open]");
  if (busy) return tell(document.querySelector(".live"));
  for (const part of [...main.children]) if (!part.classList.contains("live")) part.remove();
  for (const part of [...page.querySelector("main").children]) {
    if (!part.classList.contains("live")) main.append(document.adoptNode(part));
  }
  document.body.dataset.stamp = page.body.dataset.stamp;
  travel();
}

function tell(said) {
  said.textContent = "Something new was recorded. ";
  const again = document.createElement("a");
  again.href = location.href;
  again.textContent = "Load this page anew";
  said.append(again);
}

function travel() {
  for (const form of document.querySelectorAll("form[data-travel]")) {
    const slider = form.querySelector("input[type=range]");
    const date = form.querySelector("input[type=date]");
    const shown = form.querySelector(".day");
    const first = Date.parse(slider.dataset.first), last = Date.parse(slider.dataset.last);
    const dayOf = (value) => new Date(first + value * DAY).toISOString().slice(0, 10);
    slider.max = Math.round((last - first) / DAY);
    slider.value = date.value ? Math.round((Date.parse(date.value) - first) / DAY) : slider.max;
    slider.hidden = false;
    const inWords = () => {
      const moment = new Date(first + slider.value * DAY);
      const text = moment.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
      shown.textContent = text;
      slider.setAttribute("aria-valuetext", text);
    };
    inWords();
    slider.addEventListener("input", () => { inWords(); date.value = dayOf(slider.value); });
    // Dragged and let go, it looks at once; whoever moves it by keyboard says when.
    slider.addEventListener("pointerup", () => {
      if (Number(slider.value) === Number(slider.max)) date.value = "";
      form.requestSubmit();
    });
  }
}

function desk() {
  const toggle = document.querySelector("input[data-shortcuts]");
  if (!toggle) return;
  toggle.checked = localStorage.getItem("shortcuts") !== "off";
  toggle.addEventListener("change", () => localStorage.setItem("shortcuts", toggle.checked ? "on" : "off"));
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select");
    if (event.key === "Enter" && event.ctrlKey) {
      document.querySelector("form[data-desk]")?.requestSubmit();
    } else if (toggle.checked && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      act(event);
    }
  });
}

function act(event) {
  const wanted = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!wanted) return;
  event.preventDefault();
  if (wanted.type === "radio") {
    wanted.checked = true;
    const form = wanted.form;
    (wanted.value === "reclassify" ? form.elements.stance : form.elements.reason).focus();
  } else if (wanted.tagName === "A") {
    wanted.click();
  } else {
    wanted.focus();
    wanted.select();
  }
}

document.addEventListener("DOMContentLoaded", () => { live(); travel(); desk(); });
