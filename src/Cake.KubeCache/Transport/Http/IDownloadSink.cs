namespace Cake.KubeCache.Transport.Http;

/// <summary>Where a download's bytes go, and what is there of an earlier one.</summary>
internal interface IDownloadSink
{
    /// <summary>Bytes that are there.</summary>
    long Length { get; }

    /// <summary>Bytes that were added since the sink was opened, those included that were thrown away again.</summary>
    long Received { get; }

    /// <summary>The validator that came with them when they came from <paramref name="source"/>; null when they did not or there was none.</summary>
    string? ValidatorFor(string source);

    /// <summary>Bytes from this source follow, after those that are there.</summary>
    /// <param name="source">Where they come from.</param>
    /// <param name="validator">What tells whether the source's content changed, or null.</param>
    /// <param name="remaining">How many bytes follow, or null when the server does not say.</param>
    void Begin(string source, string? validator, long? remaining);

    /// <summary>Throws away what is there.</summary>
    void Restart();

    /// <summary>Adds bytes at the end.</summary>
    void Append(ReadOnlySpan<byte> bytes);
}
