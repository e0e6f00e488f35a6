import { useMemo } from "react";
import { isEvent } from "./is-event";
import type { Properties } from "./segment-client";
import { useConnection } from "./segment-context";

/** What {@link useTrackForm} gives. */
export interface FormTracking {
  /** Records that the form was sent, with what it is given of it. */
  trackSubmit: (formData?: Properties) => void;
  /** Records that somebody began to fill it in. */
  trackStart: () => void;
  /** Records what was wrong with it. */
  trackError: (error: string) => void;
}

/**
 * Functions that record what happens to a form. They read no field: what is recorded of the
 * form is what `trackSubmit` is called with.
 *
 * @example
 * const { trackSubmit } = useTrackForm("Newsletter");
 */
export function useTrackForm(formName: string): FormTracking {
  const { calls } = useConnection();
  return useMemo(() => {
    const named = { form_name: formName };
    return {
      trackSubmit: (formData) =>
        calls.track("Form Submitted", {
          ...named,
          ...(isEvent(formData) ? undefined : formData),
        }),
      trackStart: () => calls.track("Form Started", named),
      trackError: (error) =>
        calls.track("Form Error", { ...named, error_message: error }),
    };
  }, [calls, formName]);
}
