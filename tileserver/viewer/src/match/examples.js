// Questions to start from: what the three kinds of industry look for first. What a server does not know is left out.
export const examples = [
  {
    title: { ja: "自動車：部品工場の近く", en: "Cars: near suppliers" },
    note: { ja: "既存の工場・取引先に近く、高速道路に出やすい用地", en: "Near existing plants and suppliers, with a motorway at hand" },
    criteria: [
      { fact: "area_ha", min: 3, ideal: 10, weight: 2, required: true },
      { near: { layer: "industrial_parks", max_km: 10 }, weight: 3, required: true },
      { fact: "interchange_km", max: 10, ideal: 2, weight: 2, required: false },
      { fact: "port_km", max: 60, ideal: 20, weight: 1, required: false },
      { constraint: "farmland_blue", max_share: 0.1, weight: 1, required: false },
    ],
  },
  {
    title: { ja: "半導体：拡張でき、水がある", en: "Semiconductors: room to grow, and water" },
    note: { ja: "隣に広げられ、工業用水に余力がある用地", en: "Land that can be extended next to the plant, with spare industrial water" },
    criteria: [
      { fact: "area_ha", min: 10, ideal: 30, weight: 2, required: true },
      { fact: "extendable_ha", min: 5, ideal: 20, weight: 3, required: false },
      { fact: "spare_m3_per_day", min: 5000, ideal: 30000, weight: 3, required: false },
      { fact: "substation_km", max: 10, ideal: 2, weight: 1, required: false },
      { fact: "flood_depth_m", max: 0.5, ideal: 0, weight: 2, required: false },
      { constraint: "farmland_blue", max_share: 0.1, weight: 2, required: false },
    ],
  },
  {
    title: { ja: "素材：工業用水が要", en: "Materials: industrial water first" },
    note: { ja: "工業用水の余力と、新しく耐震性のある管路", en: "Spare industrial water, served by young and earthquake-proof pipes" },
    criteria: [
      { fact: "area_ha", min: 5, ideal: 20, weight: 1, required: true },
      { fact: "spare_m3_per_day", min: 10000, ideal: 50000, weight: 4, required: true },
      { fact: "water_pipe_km", max: 2, ideal: 0.2, weight: 2, required: false },
      { fact: "water_pipe_age_years", max: 40, ideal: 10, weight: 2, required: false },
      { fact: "water_pipe_seismic", in: ["yes", "conformant"], weight: 1, required: false },
      { fact: "port_km", max: 30, ideal: 5, weight: 1, required: false },
    ],
  },
];
