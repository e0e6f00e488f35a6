import { useMemo } from "react";
import { isEvent } from "./is-event";
import type { Properties } from "./segment-client";
import { useConnection } from "./segment-context";

/** The return value of {@link useTrackForm}. */
export interface FormTracking {
  /** Records that the form was submitted, with the data it is given. */
  trackSubmit: (formData?: Properties) => void;
  /** Records that the visitor started to fill in the form. */
  trackStart: () => void;
  /** Records an error of the form. */
  trackError: (error: string) => void;
}

/**
 * Functions that record what happens to a form. They read no field: only the data passed to
 * `trackSubmit` is recorded.
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
