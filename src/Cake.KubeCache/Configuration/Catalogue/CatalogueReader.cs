using Cake.KubeCache.Configuration.Variables;
using Cake.KubeCache.Model;

namespace Cake.KubeCache.Configuration.Catalogue;

/// <summary>
/// Reads a catalogue: a Kubespray checkout (the roles that its download role sees: its own and the one with the defaults, whose name changed
/// over the years), one role, a folder of YAML files, or one file.
/// </summary>
internal sealed class CatalogueReader(VariableFile files, ICollection<Fault> faults)
{
    /// <summary>The roles of a checkout; the later one wins, as a task's own role does.</summary>
    private static readonly string[] Roles = ["kubespray-defaults", "kubespray_defaults", "download"];

    /// <summary>Reads the catalogue; faults of its files are gathered.</summary>
    public CatalogueLayers Read(string? path)
    {
        if (path is null)
        {
            return CatalogueLayers.None;
        }

        if (File.Exists(path))
        {
            return new CatalogueLayers([files.ReadLayer("catalogue " + Path.GetFileName(path), [path], faults)], []);
        }

        if (!Directory.Exists(path))
        {
            faults.Add(new Fault("the catalogue does not exist") { Got = path, Expected = "a Kubespray checkout, a folder of YAML files or a YAML file", Hint = "give --catalogue=PATH" });
            return CatalogueLayers.None;
        }

        var roles = Roles.Select(r => Path.Combine(path, "roles", r)).Where(Directory.Exists).ToList();
        if (roles.Count > 0)
        {
            return OfRoles(roles);
        }

        return Directory.Exists(Path.Combine(path, "defaults")) ? OfRoles([path]) : OfFolder(path);
    }

    private CatalogueLayers OfRoles(IReadOnlyList<string> roles) => new(
        roles.Select(r => files.ReadLayer($"defaults of the role {Name(r)}", VariableFolder.Find(Path.Combine(r, "defaults"), "main"), faults)).ToList(),
        roles.Select(r => files.ReadLayer($"vars of the role {Name(r)}", VariableFolder.Find(Path.Combine(r, "vars"), "main"), faults)).ToList());

    private CatalogueLayers OfFolder(string path)
    {
        var found = Directory.EnumerateFiles(path)
            .Where(f => Path.GetExtension(f) is ".yml" or ".yaml" or ".json" && !Path.GetFileName(f).StartsWith('.'))
            .Order(StringComparer.Ordinal).ToList();
        if (found.Count == 0)
        {
            faults.Add(new Fault("the catalogue holds no variables") { Got = path, Expected = "YAML files, or a Kubespray checkout with roles/download" });
        }

        return new CatalogueLayers([files.ReadLayer("catalogue " + Name(path), found, faults)], []);
    }

    private static string Name(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
}
