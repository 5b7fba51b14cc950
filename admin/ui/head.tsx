/** The head of a page. It takes the focus when the page opens: for who reads with the ears, and so that no key goes to what was there before. */
import { Title } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTitle } from './title.ts';

export function Head({ title, children, aside }: { title: string; children?: ReactNode; aside?: ReactNode }) {
  useTitle(title);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!document.activeElement?.closest('main form')) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div className="head">
      <div>
        <Title ref={heading} order={1} size="h2" tabIndex={-1}>
          {title}
        </Title>
        {children && <p className="head-text">{children}</p>}
      </div>
      {aside}
    </div>
  );
}
