/** A vLCM image as far as it decides what a host boots: two hosts with equal specifications boot the same image (R6). */
export interface ImageSpecification {
  /** Base image version as vLCM names it, such as `8.0.3-0.0.24674464`; its last number is the ESXi build. */
  baseImage: string;
  addOn?: { name: string; version: string };
  /** Component versions set besides base image and add-on, by component name. */
  components?: Record<string, string>;
  /**
   * What else of a desired image decides what is booted, as canonical JSON: hardware support, removed components. Only of
   * images that were read from a cluster; a request cannot name it.
   */
  further?: string;
}
