/* The query page: configures YASGUI for this endpoint, its prefixes, terms and samples; shows labels beside IRIs in results. */

"use strict";

const settings = JSON.parse(document.getElementById("settings").textContent);
const editor = document.getElementById("editor");
const resources = settings.resources;

/* ---------------------------------------------------------------- completion */

function termsOfKind(kind) {
  return settings.terms.filter((term) => term.kind === kind).map((term) => term.iri);
}

const comments = new Map(settings.terms.map((term) => [term.iri, term.comment]));

/* Shows beside each suggested term what it means. */
function addComments(yasqe, hints) {
  const prefixes = yasqe.getPrefixesFromQuery();
  for (const hint of hints) {
    const [prefix, local] = hint.text.split(":", 2);
    const comment = comments.get(prefix in prefixes ? prefixes[prefix] + local : hint.text.slice(1, -1));
    if (comment) hint.displayText = `${hint.text}  – ${comment}`;
  }
  return hints;
}

/* Finds the IRIs of the values that the property before the cursor can have. */
function findValues(yasqe) {
  const before = yasqe.getPreviousNonWsToken(yasqe.getDoc().getCursor().line, yasqe.getCompleteToken());
  const [prefix, local] = (before.state.lastProperty || "").split(":");
  const property = yasqe.getPrefixesFromQuery()[prefix] + local;
  return settings.terms.filter((term) => term.kind === "value" && term.of.includes(property)).map((term) => term.iri);
}

const valueCompleter = {
  bulk: false,
  isValidCompletionPosition: (yasqe) => /^[^?$\s]/.test(yasqe.getCompleteToken().string) && findValues(yasqe).length > 0,
  get: (yasqe, token) => findValues(yasqe).filter((iri) => iri.startsWith(token.autocompletionString)),
};
const completer = { bulk: true, autoShow: true, persistenceId: null, postprocessHints: addComments };
const prefixes = Object.entries(settings.prefixes).map(([prefix, namespace]) => `${prefix}: <${namespace}>`);
Yasqe.forkAutocompleter("prefixes", { name: "prefixes", persistenceId: null, get: () => prefixes });
Yasqe.forkAutocompleter("property", { name: "property", ...completer, get: () => termsOfKind("property") });
Yasqe.forkAutocompleter("class", { name: "class", ...completer, get: () => termsOfKind("class") });
Yasqe.forkAutocompleter("class", { name: "value", ...completer, ...valueCompleter });

/* ---------------------------------------------------------------- the editor */

function escapeHtml(text) {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/* Whether the page may link to an IRI of the data. The pages have the same rule, with its reasons: rendering/links.py */
function isLinkable(iri) {
  return /^(?:https?:\/\/|mailto:)[^\x00-\x20\x7f]+$/i.test(iri);
}

/* Shows whole values without quotes and types; a visitor can turn these on. */
class Table extends Yasr.plugins.table {
  constructor(yasr) {
    super(yasr);
    this.persistentConfig = { compact: true, isEllipsed: false };
    delete this.helpReference; // a link to another site
  }

  /* Sorts and filters by the plain values; they are escaped because DataTables parses them as HTML. */
  getColumns() {
    const [numbers, ...columns] = super.getColumns();
    for (const column of columns) {
      const show = column.render;
      column.render = (value, use, ...rest) => (use === "display" ? show(value, use, ...rest) : escapeHtml(value.value ?? ""));
    }
    return [numbers, ...columns];
  }

  /* Writes an IRI as a link, or as a link that leads nowhere. YASGUI's own also links to ftp:, tel: and other programs. */
  getUriLinkFromBinding({ value: iri }, prefixes = {}) {
    const prefix = Object.keys(prefixes).find((name) => iri.startsWith(prefixes[name]));
    const text = prefix === undefined ? iri : `${prefix}:${iri.slice(prefixes[prefix].length)}`;
    const href = isLinkable(iri) ? ` href="${escapeHtml(iri)}" target="_blank" rel="noopener noreferrer"` : "";
    const link = `<a class="iri" data-iri="${escapeHtml(iri)}"${href}>${escapeHtml(text)}</a>`;
    return prefix === undefined && !this.persistentConfig.compact ? `&lt;${link}&gt;` : link;
  }
}
Yasr.registerPlugin("table", Table);

const endpoint = new URL(settings.endpoint, location.href).href;

/* Makes a link that contains the query and nothing else. */
Yasgui.Tab.prototype.getShareableLink = function () {
  return `${location.origin}${location.pathname}#query=${encodeURIComponent(this.getQuery())}`;
};

const yasgui = new Yasgui(editor, {
  populateFromUrl: false, // a link from elsewhere could name another endpoint; see takeQueryFromAddress()
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

/* Says so when the server sent only the first rows; a header of the answer tells. */
yasgui.on("queryResponse", (_, tab) => {
  // the tab gets the response right after this event
  queueMicrotask(() => {
    document.getElementById("cut").hidden = !tab.getYasr().results?.res?.headers.has("Hamakg-Cut");
  });
});

/* Shows a query, in the tab that already has it or in a new one, and runs it. */
function runQuery(query, name) {
  const open = Object.values(yasgui._tabs).find((tab) => tab.getPersistedJson().yasqe.value === query);
  const tab = open || yasgui.addTab(true, { name: yasgui.createTabName(name), yasqe: { value: query } });
  tab.select();
  tab.query().catch(() => {}); // the tab shows the error
}

document.getElementById("samples").addEventListener("click", (event) => {
  const sample = settings.samples[event.target.dataset.sample];
  if (!sample || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  runQuery(sample.text, sample.title);
});

/* Takes the query out of the address: #query=…, as YASGUI writes it, or ?query=… */
function takeQueryFromAddress() {
  const queries = [location.hash, location.search].map((part) => new URLSearchParams(part.slice(1)).get("query"));
  if (location.hash || location.search) history.replaceState(null, "", location.pathname);
  return queries.find(Boolean);
}

function runQueryFromAddress() {
  const query = takeQueryFromAddress();
  if (query) runQuery(query);
}

window.addEventListener("hashchange", runQueryFromAddress);
runQueryFromAddress();

/* ---------------------------------------------------------------- labels beside IRIs */

const LABELS_AT_ONCE = 100;
const NOT_IN_IRIS = /[\x00-\x20<>"{}|^`\\]/; // https://www.w3.org/TR/sparql11-query/#rIRIREF
const labels = new Map();

async function fetchLabels(iris) {
  const query = settings.labels.replace("{ }", `{ ${iris.map((iri) => `<${iri}>`).join(" ")} }`);
  const headers = { Accept: "application/sparql-results+json" };
  const response = await fetch(endpoint, { method: "POST", headers, body: new URLSearchParams({ query }) });
  if (!response.ok) return;
  const { results } = await response.json();
  for (const iri of iris) labels.set(iri, "");
  for (const row of results.bindings) labels.set(row.iri.value, row.label.value);
}

/* Puts the label beside a link; a link to a resource leads to its page here and shows its id below resource/. */
function labelLink(link, iri) {
  const label = labels.get(iri);
  if (iri.startsWith(resources.iri)) {
    link.textContent = iri.slice(resources.iri.length);
    link.href = resources.page + link.textContent;
  }
  if (!label || link.previousElementSibling?.className === "label") return;
  const beside = document.createElement("span");
  beside.className = "label";
  beside.textContent = label;
  link.before(beside, " ");
}

/* Whether to look for a label: the terms of vocabularies are words already. */
function needsLabel(iri) {
  return !NOT_IN_IRIS.test(iri) && !Object.values(settings.prefixes).some((namespace) => iri.startsWith(namespace));
}

async function labelAllLinks() {
  const links = new Map();
  for (const link of editor.querySelectorAll("a.iri:not([title])")) {
    link.title = link.dataset.iri;
    if (needsLabel(link.dataset.iri)) links.set(link, link.dataset.iri);
  }
  const unknown = [...new Set(links.values())].filter((iri) => !labels.has(iri));
  for (let i = 0; i < unknown.length; i += LABELS_AT_ONCE) await fetchLabels(unknown.slice(i, i + LABELS_AT_ONCE));
  for (const [link, iri] of links) labelLink(link, iri);
}

let waiting = false;
new MutationObserver(() => {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    labelAllLinks().catch(console.warn); // without labels, the IRIs stay as they are
  });
}).observe(editor, { childList: true, subtree: true });
