/** A webpack loader: parses messages in ICU syntax at build time, so that no parser ships to the browser. */
const { parse } = require('@formatjs/icu-messageformat-parser');

module.exports = function compileMessages(source) {
  const messages = JSON.parse(source);
  const compiled = Object.fromEntries(Object.entries(messages).map(([id, text]) => [id, parse(text)]));
  return JSON.stringify(compiled);
};
