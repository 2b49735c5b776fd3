// A build that brings its nodes up to date before it deploys:
//
//   dotnet tool restore
//   dotnet cake --inventory=inventory/hosts.yml --catalogue=../kubespray
#load kubecache.cake

Task("Deploy")
    .IsDependentOn("Cluster-Provision")
    .Does(() => Information("The nodes have everything: deploying."));

RunTarget(Argument("target", "Deploy"));
