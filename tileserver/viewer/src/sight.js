// What of the map can be seen: on narrow screens panels lie over its lower part.

// Pixels at the foot of the map that panels cover.
function covered_below(map) {
  const area = map.getContainer().getBoundingClientRect();
  let covered = 0;
  for (const panel of document.querySelectorAll(".tool, #panel")) {
    const box = panel.getBoundingClientRect();
    const overlaid = box.height > 0 && box.left < area.right && box.right > area.left && box.top > area.top + 60;
    if (overlaid) covered = Math.max(covered, area.bottom - box.top);
  }
  return covered;
}

export function fit_in_sight(map, box, maxZoom) {
  map.resize();
  const around = Math.min(48, map.getContainer().clientWidth / 8);
  map.fitBounds(box, { padding: { top: around, left: around, right: around, bottom: around + covered_below(map) }, maxZoom, animate: false });
}

export function is_in_sight(map, place) {
  const { x, y } = map.project(place);
  const { clientWidth, clientHeight } = map.getContainer();
  return x > 10 && y > 10 && x < clientWidth - 10 && y < clientHeight - covered_below(map) - 10;
}

export function bring_in_sight(map, place, zoom = map.getZoom()) {
  map.resize();
  map.jumpTo({ center: place, zoom });
  const covered = covered_below(map);
  if (covered > 0) map.panBy([0, covered / 2], { animate: false });
}
