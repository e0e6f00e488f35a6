/** `waymark/impressions`: what visitors see of a page. Nothing runs at import. */
export {
  AD_STANDARD,
  observe,
  type ObserveOptions,
  type Rule,
  type Tracker,
} from "./insight/observe";
export {
  type ListedProduct,
  type ListFacts,
  observeList,
  type ObservedList,
} from "./insight/observe-list";
