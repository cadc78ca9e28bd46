// Draws the picture that stands in this page. Without it the tables say the same.
(() => {
  "use strict";
  const picture = JSON.parse(document.getElementById("picture").textContent);
  const section = document.getElementById("map");
  const canvas = document.getElementById("canvas");
  const said = document.getElementById("said");
  section.hidden = false; // first: what is hidden has no size
  document.getElementById("undrawn").remove();
  const INK = "#0b0c0c";
  const LABEL = 13; // pixels on the screen, however far the map is zoomed
  const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif";
  // In pixels: a node never gets smaller on the screen, unless there are too many for it.
  const room = Math.sqrt((canvas.clientWidth * canvas.clientHeight) / picture.nodes.length);
  const least = (node) => Math.min(Math.max(0.2 * room, 1.5), 4) * (0.6 + 0.03 * node.size);
  const shapes = Object.fromEntries(
    Object.entries(picture.looks.nodes).map(([kind, look]) => [kind, { fill: look.colour, path: new Path2D(look.path) }]),
  );
  let network = null;

  function drawn(node) {
    const shape = shapes[node.kind];
    return ({ ctx, x, y, state }) => {
      const scale = network ? network.getScale() : 1;
      const radius = Math.max(node.size, least(node) / scale);
      return {
        nodeDimensions: { width: 2 * radius, height: 2 * radius },
        drawNode() {
          ctx.translate(x, y);
          ctx.scale(radius, radius);
          const line = Math.max(1, 1 / scale) / radius;
          if (state.selected || state.hover || (picture.middle && node.id === 0)) {
            ctx.lineWidth = 5 * line;
            ctx.strokeStyle = INK;
            ctx.stroke(shape.path);
            ctx.lineWidth = 2.5 * line;
            ctx.strokeStyle = "#ffdd00";
            ctx.stroke(shape.path);
          }
          ctx.fillStyle = shape.fill;
          ctx.fill(shape.path);
          ctx.lineWidth = 0.75 * line;
          ctx.strokeStyle = INK;
          ctx.stroke(shape.path);
        },
      };
    };
  }

  // Where names and looks stand together, so that the library gets no text it could take for anything else.
  const nodes = picture.nodes.map((node) => ({
    id: node.id, x: node.x, y: node.y, title: node.title, shape: "custom", ctxRenderer: drawn(node),
  }));
  const span = (axis, size) => {
    const places = picture.nodes.map((node) => node[axis]);
    return size / (Math.max(...places) - Math.min(...places) + 100);
  };
  // A large map is first seen from far away: lines that are thicker are still seen there.
  const farAway = Math.min(span("x", canvas.clientWidth), span("y", canvas.clientHeight));
  const thick = Math.min(Math.max(0.8 / farAway, 1), 2.5);
  const faint = picture.edges.length > 1000 ? 0.45 : 0.9;
  const edges = picture.edges.map((edge, id) => {
    const look = picture.looks.ties[edge.type];
    return {
      id, from: edge.from, to: edge.to, title: edge.title, width: thick * look.width,
      dashes: look.dashes.length > 0 ? look.dashes.map((dash) => thick * dash) : false,
      color: { color: look.colour, highlight: look.colour, hover: look.colour, opacity: faint },
      arrows: look.arrow ? { to: { enabled: true, scaleFactor: 0.5 } } : "",
      smooth: edge.bend > 0 ? { enabled: true, type: "curvedCW", roundness: Math.min(0.15 * edge.bend, 0.9) } : false,
    };
  });
  network = new vis.Network(canvas, { nodes, edges }, JSON.parse(picture.options));
  const frame = canvas.querySelector(".vis-network");
  frame.setAttribute("role", "application");
  frame.setAttribute("aria-label", "Map. Arrow keys move it, plus and minus zoom. The tables below hold the same.");

  const ties = picture.nodes.map(() => []);
  const near = picture.nodes.map(() => new Set());
  for (const edge of picture.edges) {
    ties[edge.from].push(edge.title);
    if (edge.to !== edge.from) ties[edge.to].push(edge.title);
    near[edge.from].add(edge.to);
    near[edge.to].add(edge.from);
  }

  // Names: the most important first, each only where it covers no other.
  const widths = new Map();
  const short = (name) => (name.length > 28 ? `${name.slice(0, 27)}…` : name);
  let chosen = new Set();
  network.on("afterDrawing", (ctx) => {
    const scale = network.getScale();
    const middle = network.getViewPosition();
    const width = canvas.clientWidth / scale;
    const height = canvas.clientHeight / scale;
    const left = middle.x * scale - canvas.clientWidth / 2;
    const inView = picture.nodes.filter(
      (node) => Math.abs(node.x - middle.x) < width / 2 && Math.abs(node.y - middle.y) < height / 2,
    );
    const first = new Set(chosen);
    for (const id of chosen) for (const other of near[id]) first.add(other);
    const ordered = [...inView.filter((node) => first.has(node.id)), ...inView.filter((node) => !first.has(node.id))];
    ctx.save();
    ctx.textAlign = "center";
    ctx.textBaseline = "top";
    ctx.lineJoin = "round";
    const taken = new Map(); // rows of the screen, each with the stretches that are written on
    for (const node of ordered) {
      const text = short(node.name);
      const bold = chosen.has(node.id) || (picture.middle && node.id === 0);
      ctx.font = `${bold ? "bold " : ""}${LABEL / scale}px ${FONT}`;
      const key = `${bold} ${text}`;
      if (!widths.has(key)) widths.set(key, ctx.measureText(text).width * scale);
      const half = widths.get(key) / 2 + 3;
      const x = Math.min(Math.max(node.x * scale, left + half), left + canvas.clientWidth - half);
      const top = node.y * scale + Math.max(node.size * scale, least(node)) + 3;
      const rows = [Math.floor(top / (LABEL + 3)), Math.floor((top + LABEL + 2) / (LABEL + 3))];
      const free = rows.every((row) => (taken.get(row) || []).every(([from, to]) => x + half < from || x - half > to));
      if (!free) continue;
      for (const row of rows) taken.set(row, [...(taken.get(row) || []), [x - half, x + half]]);
      ctx.lineWidth = 4 / scale;
      ctx.strokeStyle = "rgba(255,255,255,.9)";
      ctx.strokeText(text, x / scale, top / scale);
      ctx.fillStyle = INK;
      ctx.fillText(text, x / scale, top / scale);
    }
    ctx.restore();
  });

  function element(name, text) {
    const made = document.createElement(name);
    made.textContent = text;
    return made;
  }

  function say(title, sentences) {
    const list = document.createElement("ul");
    list.append(...sentences.map((sentence) => element("li", sentence)));
    said.replaceChildren(element("p", title), list);
  }

  function choose(id) {
    chosen = new Set([id]);
    network.selectNodes([id]);
    say(picture.nodes[id].title, ties[id]);
  }

  network.on("click", (event) => {
    chosen = new Set();
    if (event.nodes.length > 0) {
      choose(event.nodes[0]);
    } else if (event.edges.length > 0) {
      say("The tie you chose:", [picture.edges[event.edges[0]].title]);
    } else {
      said.replaceChildren(element("p", "Choose a node or a line to read what it says."));
    }
    network.redraw();
  });

  const does = {
    in: () => network.moveTo({ scale: network.getScale() * 1.4 }),
    out: () => network.moveTo({ scale: network.getScale() / 1.4 }),
    all: () => network.fit({ minZoomLevel: 0.01, maxZoomLevel: 1.5 }),
  };
  section.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-does]");
    if (button) does[button.dataset.does]();
  });
  document.getElementById("nodes").addEventListener("click", (event) => {
    const link = event.target.closest("a[data-node]");
    if (!link) return;
    const id = Number(link.dataset.node);
    choose(id);
    network.moveTo({ position: { x: picture.nodes[id].x, y: picture.nodes[id].y }, scale: Math.max(network.getScale(), 1) });
    frame.focus({ preventScroll: true });
  });
  does.all();
})();
