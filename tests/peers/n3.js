// Reads Turtle, TriG, N-Triples or N-Quads (the media type is the first argument) from standard input with N3.js and
// writes what it read as N-Quads to standard output.
import { Parser, Writer } from "n3";

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const quads = new Parser({ format: process.argv[2], baseIRI: "urn:base" }).parse(Buffer.concat(chunks).toString("utf8"));
const writer = new Writer({ format: "N-Quads" });
writer.addQuads(quads);
writer.end((error, text) => process.stdout.write(text));
