/** The few pictures of the application, as strokes; each stands beside its word. */
const SHAPES = {
  mark: 'M5 19 10.5 5h3L19 19M7.6 14h8.8',
  home: 'M4 11 12 4l8 7v9h-5v-6H9v6H4z',
  draft: 'M6 3h9l4 4v14H6zM14 3v5h5M9 12h7M9 16h7',
  hold: 'M12 3 4 6v6c0 5 3.5 8 8 9 4.5-1 8-4 8-9V6zM12 8v5M12 16.5v.1',
  rule: 'M5 4h14v16H5zM8.500 9l1.500 1.500L12.500 8M8.500 15l1.500 1.500L12.500 14M15 10h1.500M15 16h1.500',
  message: 'M4 5h16v11H10l-5 4v-4H4zM12 8v3M12 13.500v.1',
  plug: 'M9 3v5M15 3v5M6 8h12v3a6 6 0 0 1-12 0zM12 17v4',
  key: 'M8 19a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM11 12l9-8M16.5 7l2.5 2.5',
  people:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3 20c0-4 2.5-6 6-6s6 2 6 6M16 4.5a3.300 3.300 0 0 1 0 6.2M17.5 14.5c2.2.6 3.5 2.5 3.5 5.5',
  warn: 'M12 4 2.8 20h18.400zM12 10v5M12 17.5v.1',
  stop: 'M8 3h8l5 5v8l-5 5H8l-5-5V8zM12 8v5M12 16v.1',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  done: 'M4 12.5 10 18 20 6',
} as const;
export type IconName = keyof typeof SHAPES;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={SHAPES[name]} />
    </svg>
  );
}
