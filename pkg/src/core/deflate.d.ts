/** A file that the build compresses (deflate-raw) and puts into the script as base64. */
declare module "*.deflate" {
  const text: string;
  export default text;
}
