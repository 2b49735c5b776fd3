using System.Formats.Tar;
using System.Text;

namespace Build.Upstream.Archives;

/// <summary>A file or, when its name ends with a slash, a folder in an archive.</summary>
internal sealed record TarFile(string Name, byte[] Content, UnixFileMode Mode)
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Executable = Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public static TarFile Of(string name, byte[] content) => new(name, content, Readable);

    public static TarFile Of(string name, string text) => Of(name, Encoding.UTF8.GetBytes(text));

    public static TarFile Program(string name, byte[] content) => new(name, content, Executable);

    public static TarFile Folder(string name) => new(name + "/", [], Executable);

    /// <summary>A tar archive of these entries, the same bytes on every machine and at every time.</summary>
    public static byte[] Archive(params IEnumerable<TarFile> files)
    {
        using var output = new MemoryStream();
        using (var tar = new TarWriter(output, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var file in files)
            {
                var isFolder = file.Name.EndsWith('/');
                var entry = new UstarTarEntry(isFolder ? TarEntryType.Directory : TarEntryType.RegularFile, file.Name)
                {
                    Mode = file.Mode,
                    ModificationTime = DateTimeOffset.UnixEpoch,
                };
                if (!isFolder)
                {
                    entry.DataStream = new MemoryStream(file.Content);
                }

                tar.WriteEntry(entry);
            }
        }

        return output.ToArray();
    }
}
