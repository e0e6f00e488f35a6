// Copied from project to project before there was `waymark/react`; only the import is changed.
import React, {
  createContext,
  useContext,
  useEffect,
  useState,
  useCallback,
  ReactNode,
} from "react";
import { segmentBrowser } from "waymark";

interface SegmentContextValue {
  isReady: boolean;
  identify: (userId?: string, traits?: Record<string, any>) => void;
  track: (event: string, properties?: Record<string, any>) => void;
  page: (
    category?: string,
    name?: string,
    properties?: Record<string, any>,
  ) => void;
  group: (groupId: string, traits?: Record<string, any>) => void;
  reset: () => void;
}

const SegmentContext = createContext<SegmentContextValue | null>(null);

interface SegmentProviderProps {
  children: ReactNode;
  writeKey: string;
  cdnURL?: string;
}

export function SegmentProvider({
  children,
  writeKey,
  cdnURL,
}: SegmentProviderProps) {
  const [isReady, setIsReady] = useState(false);

  useEffect(() => {
    const init = async () => {
      await segmentBrowser.initialize({ cdnURL });
      segmentBrowser.ready(() => {
        setIsReady(true);
      });
    };

    init();
  }, [writeKey, cdnURL]);

  const identify = useCallback(
    (userId?: string, traits?: Record<string, any>) => {
      segmentBrowser.identify(userId, traits);
    },
    [],
  );

  const track = useCallback(
    (event: string, properties?: Record<string, any>) => {
      segmentBrowser.track(event, properties);
    },
    [],
  );

  const page = useCallback(
    (category?: string, name?: string, properties?: Record<string, any>) => {
      segmentBrowser.page(category, name, properties);
    },
    [],
  );

  const group = useCallback((groupId: string, traits?: Record<string, any>) => {
    segmentBrowser.group(groupId, traits);
  }, []);

  const reset = useCallback(() => {
    segmentBrowser.reset();
  }, []);

  const value: SegmentContextValue = {
    isReady,
    identify,
    track,
    page,
    group,
    reset,
  };

  return (
    <SegmentContext.Provider value={value}>{children}</SegmentContext.Provider>
  );
}

export function useSegment(): SegmentContextValue {
  const context = useContext(SegmentContext);
  if (!context) {
    throw new Error("useSegment must be used within SegmentProvider");
  }
  return context;
}

// Track click hook
export function useTrackClick(
  eventName: string,
  properties?: Record<string, any>,
) {
  const { track } = useSegment();

  return useCallback(
    (additionalProps?: Record<string, any>) => {
      track(eventName, { ...properties, ...additionalProps });
    },
    [track, eventName, properties],
  );
}

// Page tracking hook
export function usePageTracking(
  pageName: string,
  properties?: Record<string, any>,
) {
  const { page, isReady } = useSegment();

  useEffect(() => {
    if (isReady) {
      page(undefined, pageName, properties);
    }
  }, [isReady, pageName, page]);
}

// Form submission tracking
export function useTrackForm(formName: string) {
  const { track } = useSegment();

  const trackSubmit = useCallback(
    (formData: Record<string, any>) => {
      track("Form Submitted", {
        form_name: formName,
        ...formData,
      });
    },
    [track, formName],
  );

  const trackStart = useCallback(() => {
    track("Form Started", { form_name: formName });
  }, [track, formName]);

  const trackError = useCallback(
    (error: string) => {
      track("Form Error", {
        form_name: formName,
        error_message: error,
      });
    },
    [track, formName],
  );

  return { trackSubmit, trackStart, trackError };
}
