// Copied from project to project before there was `waymark/react`; only the import is changed.
import React, { useEffect, ReactNode } from "react";
import { useSegment, usePageTracking } from "waymark/react";

// Track link clicks
interface TrackedLinkProps {
  href: string;
  eventName: string;
  properties?: Record<string, any>;
  children: ReactNode;
  className?: string;
}

export function TrackedLink({
  href,
  eventName,
  properties,
  children,
  className,
}: TrackedLinkProps) {
  const { track } = useSegment();

  const handleClick = () => {
    track(eventName, {
      link_url: href,
      ...properties,
    });
  };

  return (
    <a href={href} onClick={handleClick} className={className}>
      {children}
    </a>
  );
}

// Track button clicks
interface TrackedButtonProps {
  eventName: string;
  properties?: Record<string, any>;
  onClick?: () => void;
  children: ReactNode;
  className?: string;
  disabled?: boolean;
}

export function TrackedButton({
  eventName,
  properties,
  onClick,
  children,
  className,
  disabled,
}: TrackedButtonProps) {
  const { track } = useSegment();

  const handleClick = () => {
    track(eventName, properties);
    onClick?.();
  };

  return (
    <button onClick={handleClick} className={className} disabled={disabled}>
      {children}
    </button>
  );
}

// Page wrapper for automatic tracking
interface TrackedPageProps {
  name: string;
  category?: string;
  properties?: Record<string, any>;
  children: ReactNode;
}

export function TrackedPage({
  name,
  category,
  properties,
  children,
}: TrackedPageProps) {
  const { page, isReady } = useSegment();

  useEffect(() => {
    if (isReady) {
      page(category, name, properties);
    }
  }, [isReady, name, category, properties, page]);

  return <>{children}</>;
}

// Visibility tracking
interface TrackVisibilityProps {
  eventName: string;
  properties?: Record<string, any>;
  threshold?: number;
  children: ReactNode;
}

export function TrackVisibility({
  eventName,
  properties,
  threshold = 0.5,
  children,
}: TrackVisibilityProps) {
  const { track } = useSegment();
  const ref = React.useRef<HTMLDivElement>(null);
  const hasTracked = React.useRef(false);

  useEffect(() => {
    const element = ref.current;
    if (!element) return;

    const observer = new IntersectionObserver(
      (entries) => {
        entries.forEach((entry) => {
          if (entry.isIntersecting && !hasTracked.current) {
            hasTracked.current = true;
            track(eventName, properties);
          }
        });
      },
      { threshold },
    );

    observer.observe(element);

    return () => observer.disconnect();
  }, [eventName, properties, threshold, track]);

  return <div ref={ref}>{children}</div>;
}
