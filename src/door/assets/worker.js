// The worker: gets the program once, then runs it whenever the page asks.

let program;

async function answer({ id, engine, args, files }) {
  if (engine) {
    // Browsers of before 2025 have no way of their own for it.
    const packed = Uint8Array.fromBase64?.(engine) ?? Uint8Array.from(atob(engine), (c) => c.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    const response = new Response(stream, { headers: { "content-type": "application/wasm" } });
    program = WebAssembly.compileStreaming(response);
    await program;
    return { id };
  }
  const stage = (text) => self.postMessage({ id, stage: text });
  return { id, ...(await runProgram(await program, args, files, stage)) };
}

self.onmessage = async ({ data }) => {
  try {
    self.postMessage(await answer(data));
  } catch (error) {
    self.postMessage({ id: data.id, failed: String(error) });
  }
};
