import { formText } from "../form-text";
import type { FormEvent } from "react";
import { useNavigate } from "react-router";
import { Field } from "../parts/Field";
import { announce } from "../state/announcements";
import { openSession } from "../state/session";
import { signedIn } from "../tracking";

/** Signs in to a demo account, with any e-mail address. */
export function SignInPage() {
  const navigate = useNavigate();

  const signIn = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const opened = openSession(formText(form, "email"), formText(form, "name"));
    signedIn(opened);
    announce(`You are signed in as ${opened.name}.`);
    void navigate("/account", { replace: true });
  };

  return (
    <div className="page page-narrow">
      <title>Sign in | Cairn & Co.</title>
      <form className="sheet" onSubmit={signIn}>
        <h1>Sign in</h1>
        <p className="demo-note">
          A demo account needs no password: any name and e-mail will do.
        </p>
        <div className="fields">
          <Field label="Name" name="name" autoComplete="name" />
          <Field
            label="E-mail"
            name="email"
            type="email"
            autoComplete="email"
          />
        </div>
        <button type="submit" className="button button-main">
          Sign in
        </button>
      </form>
    </div>
  );
}
