// Reads and writes files of OpenCollection as Bruno does. Requests are lines of JSON on standard
// input: {"do": "parse" or "write", "kind": "Request", "Folder", "Collection" or "Environment", ...}.
const filestore = require('@usebruno/filestore');
const yml = { format: 'yml' };
console.error = () => {};

function answer(request) {
  const { kind } = request;
  const parsed = filestore[`parse${kind}`](request.text, yml);
  if (request.do === 'parse') return parsed;
  const parts = kind === 'Collection' ? [parsed.collectionRoot, parsed.brunoConfig] : [parsed];
  return filestore[`stringify${kind}`](...parts, yml);
}

require('readline')
  .createInterface({ input: process.stdin })
  .on('line', (line) => {
    let result;
    try {
      result = { answer: answer(JSON.parse(line)) };
    } catch (error) {
      result = { error: String(error) };
    }
    process.stdout.write(`${JSON.stringify(result)}\n`);
  });
