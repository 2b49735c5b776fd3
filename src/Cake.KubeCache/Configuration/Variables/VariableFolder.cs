namespace Cake.KubeCache.Configuration.Variables;

/// <summary>Finds the files of a <c>group_vars</c> or <c>host_vars</c> folder, or of a role's <c>defaults</c>, as Ansible does.</summary>
internal static class VariableFolder
{
    private static readonly string[] Extensions = ["", ".yml", ".yaml", ".json"];

    /// <summary>
    /// The files for a name: the first that exists of a folder or file of that very name, then <c>.yml</c>, <c>.yaml</c>,
    /// <c>.json</c>; a folder's files in order of their names, folders in it too.
    /// </summary>
    public static IReadOnlyList<string> Find(string folder, string name)
    {
        foreach (var extension in Extensions)
        {
            var path = Path.Combine(folder, name + extension);
            if (Directory.Exists(path))
            {
                return FilesIn(path).ToList();
            }

            if (File.Exists(path))
            {
                return [path];
            }
        }

        return [];
    }

    private static IEnumerable<string> FilesIn(string folder)
    {
        foreach (var path in Directory.EnumerateFileSystemEntries(folder).OrderBy(Path.GetFileName, StringComparer.Ordinal))
        {
            var name = Path.GetFileName(path);
            if (name.StartsWith('.') || name.EndsWith('~'))
            {
                continue;
            }

            var extension = Path.GetExtension(name);
            if (Directory.Exists(path))
            {
                foreach (var inner in extension.Length == 0 ? FilesIn(path) : [])
                {
                    yield return inner;
                }
            }
            else if (Extensions.Contains(extension))
            {
                yield return path;
            }
        }
    }
}
