using Shouldly;

namespace Cake.KubeCache.Tests.Configuration;

/// <summary>The shapes that a catalogue has had over the years.</summary>
public sealed class CatalogueTests
{
    [Theory]
    [InlineData("roles/kubespray-defaults/defaults/main.yaml")]
    [InlineData("roles/kubespray-defaults/defaults/main.yml")]
    [InlineData("roles/kubespray-defaults/defaults/main/all.yaml")]
    [InlineData("roles/kubespray_defaults/defaults/main/download.yml")]
    [InlineData("roles/download/defaults/main.yml")]
    [InlineData("roles/download/defaults/main/checksums.yml")]
    [InlineData("roles/download/vars/main.yml")]
    [InlineData("roles/kubespray-defaults/vars/main/checksums.yml")]
    [InlineData("defaults/main.yml")]
    [InlineData("all.yml")]
    [InlineData("all.json")]
    public void Finds_the_variables_of_every_layout(string file)
    {
        using var cluster = new Cluster().Inventory("node1\n").CataloguePath("catalogue").File("catalogue/" + file, "{\"x\": \"from the catalogue\"}");

        cluster.Value("x").ShouldBe("from the catalogue");
    }

    [Fact]
    public void Lets_the_download_role_win_over_the_role_of_defaults()
    {
        using var cluster = new Cluster().Inventory("node1\n").CataloguePath("kubespray")
            .File("kubespray/roles/kubespray-defaults/defaults/main.yaml", "x: general\nonly_general: 1\n").File("kubespray/roles/download/defaults/main.yml", "x: download\n");

        cluster.Value("x").ShouldBe("download");
        cluster.Value("only_general").ShouldBe(1L);
    }

    [Fact]
    public void Reads_one_file()
    {
        using var cluster = new Cluster().Inventory("node1\n").CataloguePath("only.yml").File("only.yml", "x: 1\n");

        cluster.Value("x").ShouldBe(1L);
    }

    [Theory]
    [InlineData("nowhere", "the catalogue does not exist")]
    [InlineData("empty", "the catalogue holds no variables")]
    public void Says_what_is_wrong_with_a_catalogue(string path, string what)
    {
        using var cluster = new Cluster().Inventory("node1\n").CataloguePath(path).File("empty/README.md", "");

        cluster.Faults().ShouldHaveSingleItem().What.ShouldBe(what);
    }

    [Fact]
    public void Tells_the_faults_of_the_catalogue_and_of_the_inventory_together()
    {
        using var cluster = new Cluster().Inventory("node1\n").CataloguePath("catalogue")
            .File("catalogue/a.yml", "a: [\n").File("catalogue/b.yml", "b: *nowhere\n").File("group_vars/all.yml", "c: !strange x\n");

        cluster.Faults().Select(f => Path.GetFileName(f.Where!.File)).Order().ShouldBe(["a.yml", "all.yml", "b.yml"]);
    }

    [Fact]
    public void Tells_the_warnings_of_the_catalogue_and_of_the_inventory()
    {
        using var cluster = new Cluster().Inventory("[etcd]\nnode1\n").Catalogue("a: 1\na: 2\n").File("group_vars/all.yml", "b: 1\nb: 2\n");

        cluster.Load().Warnings.Select(w => w.What.Split('\'')[1]).Order().ShouldBe(["a", "b"]);
    }

    [Theory]
    [InlineData("calico-rr", "calico_rr")]
    [InlineData("no-floating", "no_floating")]
    [InlineData("kube-node", "kube_node")]
    [InlineData("k8s-cluster", "k8s_cluster")]
    public void Takes_each_old_group_name_for_the_new_one(string old, string now)
    {
        using var cluster = new Cluster().Inventory($"[{old}]\nnode1\n").File($"group_vars/{now}.yaml", "x: 1\n");

        cluster.Host().Groups.ShouldContain(now);
        cluster.Value("x").ShouldBe(1L);
    }

    [Fact]
    public void Follows_symbolic_links_to_files_and_folders_of_variables()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege there");
        using var cluster = new Cluster().Inventory("[etcd]\nnode1\n").File("shared/etcd/a.yml", "x: 1\n").File("shared/host.yml", "y: 2\n");
        Directory.CreateDirectory(cluster.Folder.At("group_vars"));
        Directory.CreateDirectory(cluster.Folder.At("host_vars"));
        Directory.CreateSymbolicLink(cluster.Folder.At("group_vars/etcd"), cluster.Folder.At("shared/etcd"));
        File.CreateSymbolicLink(cluster.Folder.At("host_vars/node1.yml"), cluster.Folder.At("shared/host.yml"));

        cluster.Value("x").ShouldBe(1L);
        cluster.Value("y").ShouldBe(2L);
    }
}
