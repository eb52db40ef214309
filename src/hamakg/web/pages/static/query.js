/* The query page: YASGUI, told of this endpoint, its prefixes, terms and samples; and labels beside the IRIs of results. */

"use strict";

const settings = JSON.parse(document.getElementById("settings").textContent);
const editor = document.getElementById("editor");
const resources = settings.resources;

/* ---------------------------------------------------------------- completion */

function known(kind) {
  return settings.terms.filter((term) => term.kind === kind).map((term) => term.iri);
}

const comments = new Map(settings.terms.map((term) => [term.iri, term.comment]));

/* Beside each term what it means. */
function explained(yasqe, hints) {
  const prefixes = yasqe.getPrefixesFromQuery();
  for (const hint of hints) {
    const [prefix, local] = hint.text.split(":", 2);
    const comment = comments.get(prefix in prefixes ? prefixes[prefix] + local : hint.text.slice(1, -1));
    if (comment) hint.displayText = `${hint.text}  – ${comment}`;
  }
  return hints;
}

/* The IRIs of the values that the property before the cursor can have. */
function valuesHere(yasqe) {
  const before = yasqe.getPreviousNonWsToken(yasqe.getDoc().getCursor().line, yasqe.getCompleteToken());
  const [prefix, local] = (before.state.lastProperty || "").split(":");
  const property = yasqe.getPrefixesFromQuery()[prefix] + local;
  return settings.terms.filter((term) => term.kind === "value" && term.of.includes(property)).map((term) => term.iri);
}

const value = {
  bulk: false,
  isValidCompletionPosition: (yasqe) => /^[^?$\s]/.test(yasqe.getCompleteToken().string) && valuesHere(yasqe).length > 0,
  get: (yasqe, token) => valuesHere(yasqe).filter((iri) => iri.startsWith(token.autocompletionString)),
};
const ours = { bulk: true, autoShow: true, persistenceId: null, postprocessHints: explained };
const prefixes = Object.entries(settings.prefixes).map(([prefix, namespace]) => `${prefix}: <${namespace}>`);
Yasqe.forkAutocompleter("prefixes", { name: "prefixes", persistenceId: null, get: () => prefixes });
Yasqe.forkAutocompleter("property", { name: "property", ...ours, get: () => known("property") });
Yasqe.forkAutocompleter("class", { name: "class", ...ours, get: () => known("class") });
Yasqe.forkAutocompleter("class", { name: "value", ...ours, ...value });

/* ---------------------------------------------------------------- the editor */

function escaped(text) {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/* Values as people read them, the whole of each; a visitor can have types and quotes shown. */
class Table extends Yasr.plugins.table {
  constructor(yasr) {
    super(yasr);
    this.persistentConfig = { compact: true, isEllipsed: false };
    delete this.helpReference; // it leads to another site
  }

  /* Sorted and filtered by the values themselves, escaped: DataTables parses them as HTML. */
  getColumns() {
    const [numbers, ...columns] = super.getColumns();
    for (const column of columns) {
      const show = column.render;
      column.render = (value, use, ...rest) => (use === "display" ? show(value, use, ...rest) : escaped(value.value ?? ""));
    }
    return [numbers, ...columns];
  }
}
Yasr.registerPlugin("table", Table);

const endpoint = new URL(settings.endpoint, location.href).href;

/* A link that carries the query and nothing else. */
Yasgui.Tab.prototype.getShareableLink = function () {
  return `${location.origin}${location.pathname}#query=${encodeURIComponent(this.getQuery())}`;
};

const yasgui = new Yasgui(editor, {
  populateFromUrl: false, // a stranger's link could name another endpoint; see asked()
  autofocus: false,
  requestConfig: {
    endpoint: () => endpoint,
    method: "POST",
    acceptHeaderGraph: "text/turtle",
    acceptHeaderSelect: "application/sparql-results+json",
  },
  yasqe: { value: settings.first, autocompleters: ["prefixes", "variables", "property", "class", "value"] },
  yasr: { prefixes: settings.prefixes },
});

document.getElementById("keys").hidden = false;

/* No answer is silently short: the server's header says that it sent the first rows only. */
yasgui.on("queryResponse", (_, tab) => {
  // once the tab has the response, right after this event
  queueMicrotask(() => {
    document.getElementById("cut").hidden = !tab.getYasr().results?.res?.headers.has("Hamakg-Cut");
  });
});

/* Shows a query, in its tab if it has one, and runs it. */
function run(query, name) {
  const open = Object.values(yasgui._tabs).find((tab) => tab.getPersistedJson().yasqe.value === query);
  const tab = open || yasgui.addTab(true, { name: yasgui.createTabName(name), yasqe: { value: query } });
  tab.select();
  tab.query().catch(() => {}); // the tab shows what went wrong
}

document.getElementById("samples").addEventListener("click", (event) => {
  const sample = settings.samples[event.target.dataset.sample];
  if (!sample || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  run(sample.text, sample.title);
});

/* The query that the address carries: #query=…, as YASGUI writes it, or ?query=… */
function asked() {
  const carried = [location.hash, location.search].map((part) => new URLSearchParams(part.slice(1)).get("query"));
  if (location.hash || location.search) history.replaceState(null, "", location.pathname);
  return carried.find(Boolean);
}

function runAsked() {
  const query = asked();
  if (query) run(query);
}

window.addEventListener("hashchange", runAsked);
runAsked();

/* ---------------------------------------------------------------- labels beside IRIs */

const AT_ONCE = 100;
const NOT_IN_IRIS = /[\x00-\x20<>"{}|^`\\]/; // https://www.w3.org/TR/sparql11-query/#rIRIREF
const labels = new Map();

async function askLabels(iris) {
  const query = settings.labels.replace("{ }", `{ ${iris.map((iri) => `<${iri}>`).join(" ")} }`);
  const headers = { Accept: "application/sparql-results+json" };
  const response = await fetch(endpoint, { method: "POST", headers, body: new URLSearchParams({ query }) });
  if (!response.ok) return;
  const { results } = await response.json();
  for (const iri of iris) labels.set(iri, "");
  for (const row of results.bindings) labels.set(row.iri.value, row.label.value);
}

/* A resource's link leads to its page here, and reads as its label and its id below resource/. */
function dress(link, iri) {
  const label = labels.get(iri);
  if (iri.startsWith(resources.iri)) {
    link.textContent = iri.slice(resources.iri.length);
    link.href = resources.page + link.textContent;
  }
  link.title = iri;
  if (!label || link.previousElementSibling?.className === "label") return;
  const beside = document.createElement("span");
  beside.className = "label";
  beside.textContent = label;
  link.before(beside, " ");
}

/* Vocabularies' terms are words already. */
function isNamed(iri) {
  return !NOT_IN_IRIS.test(iri) && !Object.values(settings.prefixes).some((namespace) => iri.startsWith(namespace));
}

async function dressAll() {
  const links = new Map();
  for (const link of editor.querySelectorAll("a.iri:not([data-iri])")) {
    link.dataset.iri = link.getAttribute("href");
    if (isNamed(link.dataset.iri)) links.set(link, link.dataset.iri);
  }
  const unknown = [...new Set(links.values())].filter((iri) => !labels.has(iri));
  for (let i = 0; i < unknown.length; i += AT_ONCE) await askLabels(unknown.slice(i, i + AT_ONCE));
  for (const [link, iri] of links) dress(link, iri);
}

let waiting = false;
new MutationObserver(() => {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    dressAll().catch(console.warn); // without labels the IRIs stand as they are
  });
}).observe(editor, { childList: true, subtree: true });
