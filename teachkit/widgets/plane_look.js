// How things look, without a plane: elements, numbers, scales, shapes, light or dark.
// plane.py joins it with the other files into one module.

const SVG = "http://www.w3.org/2000/svg";

// ---- elements

// Attributes are compared before they are written: most of 200 points stay as they are.
const set = (element, attributes) => {
  for (const [name, value] of Object.entries(attributes)) {
    const text = String(value);
    if (element.getAttribute(name) !== text) element.setAttribute(name, text);
  }
};
const say = (element, text) => {
  if (element.textContent !== text) element.textContent = text;
};
const make = (name, attributes = {}, parent = undefined) => {
  const element = document.createElementNS(SVG, name);
  set(element, attributes);
  parent?.append(element);
  return element;
};
const html = (name, className, parent = undefined, attributes = {}) => {
  const element = document.createElement(name);
  if (className) element.className = className;
  set(element, attributes);
  parent?.append(element);
  return element;
};
// One child per item, kept as long as an item has its key.
const keyed = (parent, items, create, update, key = (item) => item.id) => {
  const old = new Map([...parent.children].map((child) => [child.dataset.id, child]));
  items.forEach((item, index) => {
    const id = String(key(item, index));
    const element = old.get(id) ?? create(item, index);
    element.dataset.id = id;
    old.delete(id);
    if (parent.children[index] !== element) parent.insertBefore(element, parent.children[index] ?? null);
    update(element, item, index);
  });
  for (const element of old.values()) element.remove();
};

// ---- numbers and scales

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
const round = (value) => Math.round(value * 100) / 100;
const number = (value, decimals) => {
  const text = value.toFixed(decimals);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "\u2212");
};

const power = (k) => `10${String(k).replace("-", "\u207b").replace(/\d/g, (d) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[d])}`;
const short = (text) => text.replace("+", "").replaceAll("-", "\u2212");
const exponent = (k) => short((10 ** k).toExponential(1));

// Steps of 1, 2 or 5 times a power of ten, about `count` of them; on a log axis whole decades.
function ticks([low, high], count, log) {
  const rough = (high - low) / Math.max(count, 1);
  const unit = 10 ** Math.floor(Math.log10(rough));
  const part = rough / unit;
  const even = unit * (part >= Math.sqrt(50) ? 10 : part >= Math.sqrt(10) ? 5 : part >= Math.SQRT2 ? 2 : 1);
  const step = log ? Math.max(even, 1) : even;
  const values = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) values.push(k * step);
  const decimals = clamp(-Math.floor(Math.log10(step) + 1e-9), 0, 10);
  const plain = { label: (v) => number(v, decimals), place: (v) => number(v, Math.min(decimals + 1, 10)) };
  const tidy = (v) => short(Number(v.toPrecision(9)).toExponential());
  const far = { label: (v) => (v ? tidy(v) : "0"), place: (v) => short(v.toExponential(2)) };
  const powers = { label: (v) => power(Math.round(v)), place: exponent };
  const long = step < 1e-5 || Math.max(Math.abs(low), Math.abs(high)) >= 1e6; // for plain digits
  return { step, values, ...(log ? powers : long ? far : plain) };
}

// Names at 0, 1, 2, ..., upright: every one of them, or every second, third, ... where it is narrow.
function places(xnames, gap) {
  const step = Math.max(Math.ceil(14 / gap), 1); // px: a line of text
  const values = [...xnames.keys()].filter((k) => k % step === 0);
  const label = (v) => xnames[Math.round(v)] ?? "";
  return { step, values, label, place: label };
}

const DIGIT = 7.5; // px
const MARGIN = 16; // px: room for a ring, or half a tick's label, at the edge

// The only place that knows how data become pixels.
function scales(axes, width, height) {
  const [[x0, x1], [y0, y1]] = [axes.xlim, axes.ylim];
  const guess = ticks([y0, y1], height / 55, axes.ylog);
  const widest = Math.max(...guess.values.map((v) => guess.label(v).length), 1);
  const left = axes.bare ? MARGIN : 14 + DIGIT * widest + (axes.ylabel ? 20 : 0);
  const longest = Math.max(...axes.xnames.map((name) => name.length), 0);
  const deep = Math.max(DIGIT * longest - 10, 0); // more than a line of numbers
  const bottom = height - deep - (axes.bare ? MARGIN : axes.xlabel ? 44 : 26);
  let [right, top] = [width - MARGIN, MARGIN];
  if (axes.equal) {
    const unit = Math.min((right - left) / (x1 - x0), (bottom - top) / (y1 - y0));
    [right, top] = [left + unit * (x1 - x0), bottom - unit * (y1 - y0)];
  }
  const [kx, ky] = [(right - left) / (x1 - x0), (bottom - top) / (y1 - y0)];
  return {
    left, right, top, bottom, deep,
    xlim: [x0, x1],
    ylim: [y0, y1],
    x: (v) => round(left + (v - x0) * kx),
    y: (v) => round(bottom - (v - y0) * ky),
    data: (px, py) => [clamp(x0 + (px - left) / kx, x0, x1), clamp(y0 + (bottom - py) / ky, y0, y1)],
    xTicks: longest ? places(axes.xnames, kx) : ticks([x0, x1], (right - left) / 80, axes.xlog),
    yTicks: ticks([y0, y1], (bottom - top) / 55, axes.ylog),
  };
}

// ---- shapes and colours

const corners = (count, radius) =>
  "M" + Array.from({ length: count }, (_, k) => {
    const angle = (2 * Math.PI * k) / count - Math.PI / 2;
    return `${round(radius(k) * Math.cos(angle))},${round(radius(k) * Math.sin(angle))}`;
  }).join("L") + "Z";
const SHAPES = {
  circle: (r) => `M${-r},0a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0Z`,
  square: (r) => `M${-0.89 * r},${-0.89 * r}h${1.78 * r}v${1.78 * r}h${-1.78 * r}Z`,
  diamond: (r) => corners(4, () => 1.15 * r),
  star: (r) => corners(10, (k) => (k % 2 ? 0.5 * r : 1.2 * r)),
};
const frame = ({ x, y, width, height }, gap) =>
  `M${round(x - gap)},${round(y - gap)}h${round(width + 2 * gap)}v${round(height + 2 * gap)}h${-round(width + 2 * gap)}Z`;
const cross = (r) => `M${-0.55 * r},${-0.55 * r}l${1.1 * r},${1.1 * r}m0,${-1.1 * r}l${-1.1 * r},${1.1 * r}`;

const luminance = (colour) => {
  const [r, g, b, alpha = 1] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return alpha < 0.5 || b === undefined ? null : (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
};
// Dark is what really lies behind the widget, not what the system prefers.
const isDark = (element) => {
  for (let node = element; node; node = node.parentElement) {
    const light = luminance(getComputedStyle(node).backgroundColor);
    if (light !== null) return light < 0.5;
  }
  return false;
};

const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

// Shades from 0 to 255 as the address of a small picture, through the stops of a palette.
function picture({ pixels, columns }, palette) {
  const shades = bytes(pixels);
  const stops = palette.map((colour) => [1, 3, 5].map((k) => parseInt(colour.slice(k, k + 2), 16)));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [columns, shades.length / columns];
  const context = canvas.getContext("2d");
  const image = context.createImageData(canvas.width, canvas.height);
  shades.forEach((shade, index) => {
    const where = (shade / 255) * (stops.length - 1);
    const k = Math.min(Math.floor(where), stops.length - 2);
    for (const c of [0, 1, 2]) {
      image.data[4 * index + c] = stops[k][c] + (where - k) * (stops[k + 1][c] - stops[k][c]);
    }
    image.data[4 * index + 3] = 255;
  });
  context.putImageData(image, 0, 0);
  return canvas.toDataURL();
}
