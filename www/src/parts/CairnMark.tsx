/** The shop's logo: three stones. */
export function CairnMark() {
  return (
    <svg className="cairn-mark" viewBox="0 0 32 32" aria-hidden="true">
      <ellipse cx="16" cy="25" rx="12" ry="4.6" />
      <ellipse className="cairn-mid" cx="16.8" cy="16.4" rx="8.4" ry="3.8" />
      <ellipse cx="15.4" cy="8.8" rx="5.2" ry="3.1" />
    </svg>
  );
}
