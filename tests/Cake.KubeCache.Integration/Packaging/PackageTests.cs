using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using Shouldly;

namespace Cake.KubeCache.Integration.Packaging;

/// <summary>What is in the package.</summary>
[Collection(PackageCollection.Name)]
public sealed class PackageTests(PackedAddin addin)
{
    [Theory]
    [InlineData("lib/net10.0/Cake.KubeCache.dll")]
    [InlineData("lib/net10.0/Cake.KubeCache.xml")]
    [InlineData("icon.png")]
    [InlineData("README.md")]
    public void Holds(string file)
    {
        using var package = ZipFile.OpenRead(addin.Package);

        package.GetEntry(file).ShouldNotBeNull().Length.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Names_no_dependency_for_it_brings_them_all()
    {
        using var package = ZipFile.OpenRead(addin.Package);
        using var nuspec = package.GetEntry("Cake.KubeCache.nuspec")!.Open();

        XDocument.Load(nuspec).Descendants().Where(e => e.Name.LocalName == "dependency").ShouldBeEmpty();
    }

    [Fact]
    public void Every_reference_of_every_assembly_is_in_the_package_or_in_Cake_or_in_the_framework()
    {
        using var package = ZipFile.OpenRead(addin.Package);
        var bundled = package.Entries.Where(e => e.FullName.EndsWith(".dll", StringComparison.Ordinal)).ToDictionary(e => e.Name[..^4], References);
        var there = bundled.Keys.Concat(CakeAssemblies()).Concat(Assemblies(Path.GetDirectoryName(typeof(object).Assembly.Location)!)).ToHashSet();

        bundled.SelectMany(b => b.Value.Select(reference => (From: b.Key, To: reference))).Where(r => !there.Contains(r.To)).ShouldBeEmpty();
    }

    [Fact]
    public void Holds_nothing_that_Cake_brings_for_Cake_s_copy_wins()
    {
        using var package = ZipFile.OpenRead(addin.Package);

        package.Entries.Select(e => Path.GetFileNameWithoutExtension(e.Name)).Intersect(CakeAssemblies()).ShouldBeEmpty();
    }

    [Fact]
    public void The_readme_names_the_version_it_came_with()
    {
        using var package = ZipFile.OpenRead(addin.Package);
        using var readme = new StreamReader(package.GetEntry("README.md")!.Open());

        readme.ReadToEnd().ShouldContain($"#addin nuget:?package=Cake.KubeCache&version={addin.Version}\n");
    }

    [Fact]
    public void Symbols_lie_in_a_package_beside()
    {
        using var symbols = ZipFile.OpenRead(Path.ChangeExtension(addin.Package, ".snupkg"));

        symbols.GetEntry("lib/net10.0/Cake.KubeCache.pdb").ShouldNotBeNull();
    }

    private static IEnumerable<string> CakeAssemblies() => Assemblies(Path.Combine(CakeTool.Folder, "tools/net10.0/any"));

    private static IEnumerable<string> Assemblies(string folder) => Directory.GetFiles(folder, "*.dll").Select(file => Path.GetFileNameWithoutExtension(file)!);

    private static List<string> References(ZipArchiveEntry entry)
    {
        using var copy = new MemoryStream();
        using (var content = entry.Open())
        {
            content.CopyTo(copy);
        }

        using var image = new PEReader(new MemoryStream(copy.ToArray()));
        var metadata = image.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }
}
