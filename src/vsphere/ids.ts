/** Ids as a vCenter gives them. They are strings on the wire and in JSON; the names say which is meant where. */

/** `domain-c8`: a cluster, also as Trust Authority Cluster or Trusted Cluster. */
export type ClusterId = string;
/** `host-12`: a host in the inventory; a re-added host gets a new one. */
export type HostId = string;
/** Version of a base image as the attestation service names it; opaque, may hold any character. */
export type BaseImageVersion = string;
/** Name of a key provider. */
export type KeyProviderId = string;
/** A commit of a cluster's desired image. */
export type CommitId = string;
/** A draft of a cluster's desired image. */
export type DraftId = string;
