// Asks the SPARQL endpoint (first argument) the query (second) with Comunica, and writes the rows as JSON: objects of
// variables and values.
import { QueryEngine } from "@comunica/query-sparql";

const [endpoint, query] = process.argv.slice(2);
const bindings = await new QueryEngine().queryBindings(query, { sources: [{ type: "sparql", value: endpoint }] });
const rows = (await bindings.toArray()).map((row) => Object.fromEntries([...row].map(([name, term]) => [name.value, term.value])));
process.stdout.write(JSON.stringify(rows));
