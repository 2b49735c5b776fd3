using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Downloads;

/// <summary>The fields of a file item that say how its server is asked.</summary>
internal sealed record FileAccessFields(IReadOnlyList<string> Mirrors, string? Username, Secret? Password, bool ForceBasicAuthentication, TimeSpan? Timeout);

/// <summary>What items need to know of a host's images.</summary>
/// <param name="Wanted"><c>download_container</c>: whether images are downloaded at all.</param>
/// <param name="Platform">The node's platform.</param>
internal sealed record ImageSettings(bool Wanted, Platform Platform);
