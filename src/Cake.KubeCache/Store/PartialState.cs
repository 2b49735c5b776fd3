namespace Cake.KubeCache.Store;

/// <summary>What is kept beside an unfinished download, so that a later process can go on with it.</summary>
internal sealed record PartialState
{
    /// <summary>Where the bytes came from, without credentials.</summary>
    public required string Source { get; init; }

    /// <summary>A strong entity tag or an HTTP date to be sent as <c>If-Range</c> (RFC 9110, 13.1.5); null when the server gave none.</summary>
    public string? Validator { get; init; }

    /// <summary>Set when the content was complete and verified: the blob that it became.</summary>
    public string? Completed { get; init; }
}
