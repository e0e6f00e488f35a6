import { Migration } from "@medusajs/framework/mikro-orm/migrations";

/** The outbox, and what carts had in them. */
export class Migration20261127000000 extends Migration {
  override async up(): Promise<void> {
    this.addSql(`
      create table if not exists "waymark_event" (
        "id" text not null,
        "position" bigserial,
        "body" text not null,
        "status" text check ("status" in ('pending', 'sent', 'refused'))
          not null default 'pending',
        "attempts" integer not null default 0,
        "not_before" timestamptz null,
        "reason" text null,
        "created_at" timestamptz not null default now(),
        "updated_at" timestamptz not null default now(),
        "deleted_at" timestamptz null,
        constraint "waymark_event_pkey" primary key ("id")
      );`);
    this.addSql(
      `create index if not exists "IDX_waymark_event_pending"
       on "waymark_event" ("position") where "status" = 'pending';`,
    );
    this.addSql(
      `create index if not exists "IDX_waymark_event_settled"
       on "waymark_event" ("status", "updated_at") where "status" <> 'pending';`,
    );
    this.addSql(`
      create table if not exists "waymark_cart" (
        "id" text not null,
        "lines" jsonb null,
        "changes" integer not null default 0,
        "created_at" timestamptz not null default now(),
        "updated_at" timestamptz not null default now(),
        "deleted_at" timestamptz null,
        constraint "waymark_cart_pkey" primary key ("id")
      );`);
  }

  override async down(): Promise<void> {
    this.addSql(`drop table if exists "waymark_event";`);
    this.addSql(`drop table if exists "waymark_cart";`);
  }
}
