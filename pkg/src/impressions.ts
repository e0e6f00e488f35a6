/** `waymark/impressions`: records which elements visitors see. No side effects at import. */
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
