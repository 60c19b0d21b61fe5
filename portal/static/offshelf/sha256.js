// SHA-256 of bytes that come one piece after the other, which the browser's own digest cannot do: a file of gigabytes fits
// into no memory. `sha256()` gives an object with update(bytes), and hex() or base64() once at the end.
(() => {
  const K = new Int32Array(64), START = new Uint32Array(8);
  for (let number = 2, found = 0; found < 64; number += 1) { // fractions of the roots of the first primes (FIPS 180-4)
    let prime = true;
    for (let by = 2; by * by <= number; by += 1) if (number % by === 0) { prime = false; break; }
    if (!prime) continue;
    if (found < 8) START[found] = (Math.sqrt(number) % 1) * 2 ** 32;
    K[found] = Math.floor((Math.cbrt(number) % 1) * 2 ** 32) | 0;
    found += 1;
  }

  window.sha256 = () => {
    const h = new Int32Array(START), w = new Int32Array(64), rest = new Uint8Array(64);
    let held = 0, length = 0;

    function block(bytes, at) {
      let a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], i = h[7];
      for (let t = 0; t < 16; t += 1) {
        const from = at + t * 4;
        w[t] = bytes[from] << 24 | bytes[from + 1] << 16 | bytes[from + 2] << 8 | bytes[from + 3];
      }
      for (let t = 16; t < 64; t += 1) {
        const x = w[t - 15], y = w[t - 2];
        w[t] = w[t - 16] + w[t - 7] + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3) + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10) | 0;
      }
      for (let t = 0; t < 64; t += 1) {
        const one = i + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (e & f ^ ~e & g) + K[t] + w[t] | 0;
        const two = ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ a & c ^ b & c) | 0;
        i = g; g = f; f = e; e = d + one | 0; d = c; c = b; b = a; a = one + two | 0;
      }
      h[0] += a; h[1] += b; h[2] += c; h[3] += d; h[4] += e; h[5] += f; h[6] += g; h[7] += i;
    }

    function update(bytes) {
      let at = 0;
      length += bytes.length;
      if (held) {
        at = Math.min(64 - held, bytes.length);
        rest.set(bytes.subarray(0, at), held);
        held += at;
        if (held < 64) return;
        block(rest, 0);
        held = 0;
      }
      for (; at + 64 <= bytes.length; at += 64) block(bytes, at);
      rest.set(bytes.subarray(at));
      held = bytes.length - at;
    }

    function digest() {
      const bits = length * 8, tail = new Uint8Array((held < 56 ? 64 : 128) - held), view = new DataView(tail.buffer);
      tail[0] = 0x80;
      view.setUint32(tail.length - 8, Math.floor(bits / 2 ** 32));
      view.setUint32(tail.length - 4, bits % 2 ** 32);
      update(tail);
      const out = new DataView(new ArrayBuffer(32));
      h.forEach((word, place) => out.setUint32(place * 4, word));
      return new Uint8Array(out.buffer);
    }

    return {
      update,
      hex: () => [...digest()].map((byte) => byte.toString(16).padStart(2, "0")).join(""),
      base64: () => btoa(String.fromCharCode(...digest())),
    };
  };
})();
