/** The hills behind the home page's headline, with a cairn on the nearest. */
export function Landscape() {
  return (
    <svg
      className="landscape"
      viewBox="0 0 1440 560"
      preserveAspectRatio="xMaxYMax slice"
      aria-hidden="true"
    >
      <rect className="sky" width="1440" height="560" />
      <circle className="sun" cx="1262" cy="236" r="74" />
      <path
        className="hill-4"
        d="M0 424L140 388 260 412 400 366 520 404 660 352 780 378 920 272 1010 322 1110 240 1230 324 1330 268 1440 320V560H0z"
      />
      <path
        className="hill-3"
        d="M0 458L180 412 330 440 500 398 680 436 840 378 1000 424 1160 358 1300 408 1440 372V560H0z"
      />
      <path
        className="hill-2"
        d="M0 452c170-70 300-20 430-46s210-70 360-34 220 60 360 28 210-20 290 10v150H0z"
      />
      <path
        className="hill-1"
        d="M0 520c220-60 420-24 620-20s420-110 820-66v126H0z"
      />
      <g className="cairn">
        <ellipse cx="1090" cy="448" rx="58" ry="20" />
        <ellipse className="cairn-warm" cx="1096" cy="414" rx="44" ry="17" />
        <ellipse cx="1086" cy="384" rx="34" ry="15" />
        <ellipse cx="1094" cy="358" rx="23" ry="12" />
        <ellipse className="cairn-warm" cx="1089" cy="338" rx="13" ry="8" />
      </g>
    </svg>
  );
}
