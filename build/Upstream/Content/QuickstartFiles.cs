using System.Text;
using Build.Upstream.Archives;

namespace Build.Upstream.Content;

/// <summary>The files that the quickstart's origin serves, by path; each is made when it is first asked for.</summary>
internal sealed class QuickstartFiles
{
    private const int VoiceBytes = 1_200_000;
    private readonly Dictionary<string, Lazy<byte[]>> _files = [];

    public QuickstartFiles()
    {
        foreach (var version in QuickstartRelease.HelloVersions)
        {
            foreach (var architecture in QuickstartRelease.Architectures)
            {
                Add($"/hello/v{version}/{architecture}/hello", () => Hello(version, architecture));
            }
        }

        foreach (var version in QuickstartRelease.PhrasebookVersions)
        {
            Add($"/phrasebook/phrasebook-{version}.tar.gz", () => Phrasebook(version));
        }
    }

    /// <summary>All paths.</summary>
    public IReadOnlyCollection<string> Paths => _files.Keys;

    /// <summary>A file's content, or null.</summary>
    public byte[]? Find(string path) => _files.GetValueOrDefault(path)?.Value;

    // A shell script runs wherever the quickstart does; the architecture in it makes the two downloads differ, as real ones do.
    private static byte[] Hello(string version, string architecture) => Encoding.UTF8.GetBytes(
        $$"""
        #!/bin/sh
        # hello {{version}} for {{architecture}}: greets whoever is named, or the world.
        case "$1" in
            --version) echo "hello {{version}} ({{architecture}})" ;;
            *) echo "Hello, ${1:-world}! This is hello {{version}}." ;;
        esac

        """.ReplaceLineEndings("\n"));

    private static byte[] Phrasebook(string version) => StoredGzip.Compress(TarFile.Archive(
        TarFile.Folder("phrasebook"),
        TarFile.Of("phrasebook/VERSION", version + "\n"),
        TarFile.Of("phrasebook/en.txt", "hello\ngood morning\ngood night\n"),
        TarFile.Of("phrasebook/de.txt", "hallo\nguten Morgen\ngute Nacht\n"),
        TarFile.Of("phrasebook/fr.txt", "bonjour\nbon matin\nbonne nuit\n"),
        TarFile.Of("phrasebook/voice.raw", Noise.Named("voice " + version, VoiceBytes))));

    private void Add(string path, Func<byte[]> content) => _files.Add(path, new Lazy<byte[]>(content));
}
