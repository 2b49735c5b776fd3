using System.Security.Cryptography;
using Cake.KubeCache.Model;
using Cake.KubeCache.Sources;
using Cake.KubeCache.Store;

namespace Cake.KubeCache.Tests.Sources;

/// <summary>A store in a temporary folder and a fetcher on it.</summary>
internal sealed class FetchBench : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    public FetchBench(FetchSettings? settings = null)
    {
        Settings = settings ?? Plain();
        Store = ContentStore.Open(_folder.At("cache"));
        Fetcher = new Fetcher(Store, Settings);
    }

    public FetchSettings Settings { get; }

    public ContentStore Store { get; private set; }

    public Fetcher Fetcher { get; private set; }

    public TemporaryFolder Folder => _folder;

    public Heard Progress { get; } = new();

    /// <summary>Quick retries, no environment of the developer's.</summary>
    public static FetchSettings Plain(params string[] plainHttpRegistries) => new()
    {
        Download = new DownloadSettings
        {
            RetryStagger = TimeSpan.FromMilliseconds(10),
            Registries = [.. plainHttpRegistries.Select(r => new RegistrySettings { Registry = r, PlainHttp = true })],
        },
        Environment = new Dictionary<string, string>(),
    };

    public static FileArtifact File(string url, byte[] content, string algorithm = "sha256") => new()
    {
        Name = "thing",
        Url = url,
        Checksum = Checksum.Parse(algorithm == "sha256" ? "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content)) : "sha512:" + Convert.ToHexStringLower(SHA512.HashData(content))),
    };

    public static ImageArtifact Image(ImageReference reference, string architecture = "amd64") => new() { Name = "image", Reference = reference, Platform = new Platform("linux", architecture) };

    public Task<FetchOutcome> FetchAsync(Artifact artifact) => Fetcher.FetchAsync(artifact, Progress, TestContext.Current.CancellationToken);

    /// <summary>Notes that the cache had a file of this name and size; its content is not there.</summary>
    public Task HadAsync(string name, long size, DateTimeOffset? at = null) => HadAsync($"file:{name} {size}", new CacheEntry
    {
        Name = name,
        Digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{name} {size}"))),
        Size = size,
        Source = "http://files.invalid",
        FetchedAt = at ?? DateTimeOffset.UtcNow,
    });

    /// <summary>Enters something into the cache manifest without its content.</summary>
    public Task HadAsync(string key, CacheEntry entry) => Store.UpdateAsync(
        m => m with { Artifacts = new SortedDictionary<string, CacheEntry>(m.Artifacts, StringComparer.Ordinal) { [key] = entry } },
        TestContext.Current.CancellationToken);

    /// <summary>As a new process would: store and fetcher opened again on the same folder.</summary>
    public async Task ReopenAsync(FetchSettings? settings = null)
    {
        await Fetcher.DisposeAsync();
        Store.Dispose();
        Store = ContentStore.Open(Store.Directory);
        Fetcher = new Fetcher(Store, settings ?? Settings);
    }

    public byte[] Read(Digest digest)
    {
        using var stream = Store.OpenRead(digest);
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }

    /// <summary>Names of everything under partial/.</summary>
    public string[] Partials() => Directory.Exists(Store.Layout.Partials) ? [.. Directory.GetFiles(Store.Layout.Partials).Select(f => Path.GetFileName(f)!)] : [];

    public async ValueTask DisposeAsync()
    {
        await Fetcher.DisposeAsync();
        Store.Dispose();
        _folder.Dispose();
    }

    internal sealed class Heard : ITransferProgress
    {
        private long _advanced;
        private long _expected;

        public long Advanced => _advanced;

        public long Expected => _expected;

        public System.Collections.Concurrent.ConcurrentQueue<string> Lines { get; } = [];

        public void Advance(long bytes) => Interlocked.Add(ref _advanced, bytes);

        public void Expect(long bytes) => Interlocked.Exchange(ref _expected, bytes);

        public void Say(string line) => Lines.Enqueue(line);
    }
}
